"""A made-up site: what an operator's calls, team and invoices could have looked like in 1999.

`assumptions` holds every number with its why; `people` hires and loses agents; `demand` says who
calls and when; `shifts` who sits at a telephone; `calls` is the waiting line; `exports` and
`office` write the files; `site` puts it all together.
"""

from flows.demo.site import Summary, write_site

__all__ = ["Summary", "write_site"]
