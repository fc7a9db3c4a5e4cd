"""The policy of the made-up site: that of the project, and a contract, its price and its rival."""

from importlib.resources import files


def policy_text() -> str:
    """All of `policy.toml`."""
    norms = (files("checks") / "policy.toml").read_text(encoding="utf-8")
    money = (files("flows.demo") / "contract.toml").read_text(encoding="utf-8")
    return f"{norms.rstrip()}\n\n{money}"
