"""The command `qos`. What a user can mend is said in a sentence; each kind of fault has its code.

Exit codes: 0 done, 2 usage, configuration or a disk without room, 3 data rejected, 4 something
undelivered (kept), 5 warehouse busy, 130 interrupted, 1 a defect of the program.
"""

import argparse
import atexit
import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from flows import alert_commands, custody_commands
from flows.options import add_site, day, port, warehouse_of
from flows.policy_commands import add_policy
from warehouse import disk
from warehouse.errors import ConfigurationError, QosError

STARTED = time.perf_counter()
INTERRUPTED = 130  # 128 and SIGINT, as shells say it

# Read by Prefect and Great Expectations when they are imported: nothing is reported to anybody,
# and without a server of its own a run is quiet. What is set already stands.
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    # On a busy machine the temporary server takes most of the 20 s it is given by default.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}

SHOWN = (
    "metrics", "verdicts", "attribution", "incidents", "files", "quarantine", "checks", "outbox",
    "costs", "contract", "in_house", "in_house_inputs", "bonus_malus",
    "headcount", "movements", "tenure", "survival", "training",
)  # fmt: skip
FORMATS = ("table", "json", "csv")
GRAINS = ("day", "week", "month", "rolling_7", "rolling_28", "rolling_91", "rolling_365", "history")


def main() -> int:
    """Run the command line; the exit code."""
    arguments = _parser().parse_args()
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    _give_prefect_a_home()
    try:
        arguments.run(arguments)
    except QosError as error:
        for fault in error.faults:
            print(f"qos: {fault}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("qos: interrupted; whatever was in use stays in use", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        said = disk.sentence(error)
        if said is None:
            raise
        print(f"qos: {said}", file=sys.stderr)
        return ConfigurationError.exit_code
    return 0


def _give_prefect_a_home() -> None:
    """An account that only runs services may have none; the temporary server would wait in vain."""
    if "PREFECT_HOME" in os.environ or _has_home():
        return
    with contextlib.suppress(OSError):  # most commands do without
        os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="qos-prefect-")
        atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)


def _has_home() -> bool:
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and the account is in no list
        return False
    own = home / ".prefect"
    return os.access(own if own.exists() else home, os.W_OK)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qos", description="Is the outsourced service as good as our norms, every night?"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_demo(commands.add_parser("demo", help="write a made-up site to try everything on"))
    _add_run(commands.add_parser("run", help="run a night: load, build, check, judge, tell"))
    _add_rebuild(commands.add_parser("rebuild", help="make everything anew from the archive"))
    _add_show(commands.add_parser("show", help="show what is known"))
    _add_replay(commands.add_parser("replay", help="judge past nights, as they saw them"))
    _add_dossier(commands.add_parser("dossier", help="write what a decision rests on, as a file"))
    _add_dashboard(commands.add_parser("dashboard", help="serve the pages, with filters"))
    custody_commands.add_commands(commands)
    alert_commands.add_commands(commands)
    add_policy(commands.add_parser("policy", help="check or explain a policy"))
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where to write the site")
    parser.add_argument("--seed", type=int, default=1998, help="another seed, another site")
    parser.add_argument("--months", type=int, default=15, help="how many months of calls")
    parser.set_defaults(run=_demo)


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_night(parser)
    parser.add_argument("--landing", type=Path, help="folder of the feeds' files")
    parser.set_defaults(run=_run, flow="nightly")


def _add_rebuild(parser: argparse.ArgumentParser) -> None:
    _add_night(parser)
    parser.set_defaults(run=_run, flow="on_demand", landing=None)


def _add_night(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the last complete day")
    parser.add_argument("--verbose", action="store_true", help="tell where the time went")


def _add_show(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("what", choices=SHOWN)
    parser.add_argument("--format", choices=FORMATS, default="table")
    parser.add_argument("--grain", choices=GRAINS, help="of what has periods: how long they are")
    parser.add_argument(
        "--scope", default="all", help="of them: all, a kind (queue), or one (queue:web)"
    )
    parser.add_argument(
        "--from",
        dest="first",
        type=day,
        metavar="DATE",
        help="periods that end, verdicts or attribution of nights, from this day on",
    )
    parser.add_argument("--to", dest="last", type=day, metavar="DATE", help="and up to this day")
    parser.set_defaults(run=_show)


def _add_replay(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("--policy", type=Path, help="the policy to try; the site's if left out")
    for name, which in (("--from", "first"), ("--to", "last")):
        parser.add_argument(name, dest=which, type=day, metavar="DATE", help=f"the {which} night")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=_replay)


def _add_dossier(parser: argparse.ArgumentParser) -> None:
    add_site(parser)
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the night; the last if left out")
    parser.set_defaults(run=_dossier)


def _add_dashboard(parser: argparse.ArgumentParser) -> None:
    doings = parser.add_subparsers(required=True, metavar="serve|password")
    serve = doings.add_parser("serve", help="answer browsers, until interrupted")
    add_site(serve)
    serve.add_argument("--port", type=port, help="another port than the settings say")
    serve.set_defaults(run=_serve)
    password = doings.add_parser("password", help="hash a password for the settings")
    password.set_defaults(run=_password)


def _demo(arguments: argparse.Namespace) -> None:
    from flows.demo import write_site

    print(f"Making up a site in {arguments.folder} ...", flush=True)
    try:
        site = write_site(arguments.folder, arguments.seed, arguments.months)
    except OSError as error:
        raise ConfigurationError(
            f"{arguments.folder}: no site can be written there ({error.strerror}); name another"
        ) from error
    config = arguments.folder / "qos.toml"
    print(f"{site.calls:,} calls, {site.agents} agents, {site.departures} of them gone.")
    print(f"Now run a night there: qos run --config {config} --as-of {site.last_day}")


def _run(arguments: argparse.Namespace) -> None:
    print("Starting ...", flush=True)
    begun = time.perf_counter()
    from flows.nightly import nightly
    from flows.on_demand import on_demand
    from flows.progress import spent

    imported = time.perf_counter()
    site = {
        "config": str(arguments.config),
        "as_of": arguments.as_of,
        "landing": str(arguments.landing) if arguments.landing else None,
        "warehouse": str(arguments.warehouse) if arguments.warehouse else None,
    }
    try:
        nightly(**site) if arguments.flow == "nightly" else on_demand(**site, is_full=True)
    finally:
        if arguments.verbose:
            ours = spent()
            total = time.perf_counter() - imported
            print(f"{imported - begun:6.1f} s  importing")
            print(f"{total - sum(ours.values()):6.1f} s  Prefect")
            for doing, seconds in ours.items():
                print(f"{seconds:6.1f} s  {doing}")


def _dossier(arguments: argparse.Namespace) -> None:
    from flows.dossier import run_dossier

    run_dossier(arguments)


def _serve(arguments: argparse.Namespace) -> None:
    from flows.dashboard import serve
    from flows.settings import load_settings

    serve(load_settings(arguments.config, warehouse=arguments.warehouse), arguments.port)


def _password(arguments: argparse.Namespace) -> None:
    from flows.dashboard import password

    password()


def _replay(arguments: argparse.Namespace) -> None:
    from flows.replay_report import print_replay

    print_replay(
        arguments.config,
        arguments.warehouse,
        arguments.policy,
        arguments.first,
        arguments.last,
        form=arguments.format,
    )


def _show(arguments: argparse.Namespace) -> None:
    from flows.show import show

    show(
        arguments.what,
        warehouse_of(arguments),
        form=arguments.format,
        grain=arguments.grain,
        scope=arguments.scope,
        first=arguments.first,
        last=arguments.last,
    )
