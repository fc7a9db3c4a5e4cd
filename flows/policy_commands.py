"""The command `qos policy`: check a policy, or say in sentences what it does."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.policy import Policy

LANGUAGES = ("en", "fr")


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add its two actions."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", help="name every fault of a policy")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check_policy)
    explain = actions.add_parser("explain", help="say in sentences what a policy does")
    explain.add_argument(
        "file", type=Path, nargs="?", help="the one that comes with qos if left out"
    )
    explain.add_argument("--language", choices=LANGUAGES, default="en")
    explain.set_defaults(run=_explain_policy)


def _check_policy(arguments: argparse.Namespace) -> None:
    policy = _policy(arguments.file)
    named = ", ".join(policy.trigger_names) or "no trigger"
    norms = f"{len(policy.norms)} norm{'s' * (len(policy.norms) != 1)}"
    print(f"{arguments.file}: sound, version {policy.version}: {norms}; {named}.")


def _explain_policy(arguments: argparse.Namespace) -> None:
    from flows.policy_text import explained
    from flows.settings import DEFAULT_POLICIES
    from flows.wording import load_words
    from warehouse.build import metric_units
    from warehouse.parameters import Parameters

    policy = _policy(arguments.file or DEFAULT_POLICIES[arguments.language])
    units = metric_units(Parameters("UTC"))
    print("\n\n".join(explained(policy, units, load_words(arguments.language))))


def _policy(path: Path) -> "Policy":
    from checks.policy import load_policy
    from warehouse.build import metric_kinds
    from warehouse.parameters import Parameters

    return load_policy(path, metric_kinds(Parameters("UTC")))
