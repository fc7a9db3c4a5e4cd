"""The commands about alerts, as they are typed: deliver, ack, snooze, listen, test-alert, policy."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_slack import APP_TOKEN, CHANNEL, HOOK, TOKEN
from fake_socket_mode import serving_sockets, wait_until
from made_up_night import NIGHT, SERVICE, SITE, change, trigger_change
from slack_site import Site
from test_listener import click
from test_policy import QUALITY, SERVICE_LEVEL

from checks.incidents import Reason
from flows import cli
from warehouse.operations import read

RECOVERED = {"state": "resolved", "resolved_on": NIGHT}


class Desk:
    """A site in a folder, its Slack, and the command `qos` used there."""

    def __init__(
        self, site: Site, home: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ):
        self.site, self.home, self._capsys, self._patch = site, home, capsys, patch
        self.con, self.slack = site.con, site.slack
        patch.setenv("SLACK_API_URL", site.slack.url)
        self.say()

    def say(self, slack: str = "", site: str = "", policy: str = "") -> None:
        """Write the settings; the warehouse would lie beside operations.db."""
        (self.home / "policy.toml").write_text(SERVICE_LEVEL + QUALITY + policy)
        (self.home / "qos.toml").write_text(
            f'[site]\nname = "Malakoff"\ntime_zone = "Europe/Paris"\n{site}\n'
            '[paths]\nwarehouse = "warehouse.duckdb"\npolicy = "policy.toml"\n'
            f'[slack]\nchannel = "{CHANNEL}"\nsettling_seconds = 0.1\ntimeout_seconds = 5\n{slack}\n'
        )

    def qos(self, *words: str) -> tuple[int, str, str]:
        """Exit code, what was printed, what was complained of."""
        self._patch.setattr(sys, "argv", ["qos", *words])
        self._patch.chdir(self.home)
        self._capsys.readouterr()
        code = cli.main()
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def acknowledged(self) -> list[tuple[object, ...]]:
        rows = read.standing_acknowledgements(self.con).values()
        return [
            (r["incident_id"], r["acknowledged_by"], r["snoozed_until"], r["way"]) for r in rows
        ]


@pytest.fixture
def desk(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    return Desk(site, tmp_path, capsys, monkeypatch)


def test_deliver_sends_what_is_left(desk: Desk) -> None:
    desk.site.tell(change())
    desk.site.fail_with("channel_not_found")
    code, _, complaints = desk.qos("deliver")
    assert (code, complaints.count("\n")) == (4, 1)
    assert "channel_not_found" in complaints
    assert "invite the app into the channel" in complaints
    shown = json.loads(
        desk.qos("show", "outbox", "--format", "json", "--warehouse", "warehouse.duckdb")[1]
    )
    assert [(row["state"], row["error"], row["route"]) for row in shown] == [
        ("failed", "channel_not_found", "manager")
    ]
    assert shown[0]["text"].startswith("Malakoff: Service level breaches its norm.")
    assert desk.qos("deliver") == (0, "1 sent, 0 printed, 0 held back.\n", "")
    assert desk.qos("deliver")[0] == 0
    assert desk.site.keys() == [f"{SERVICE}:1"]


def test_deliver_settles_what_a_webhook_left_unknown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    monkeypatch.setenv("SLACK_WEBHOOK_URL", desk.slack.url.removesuffix("/api/") + HOOK)
    desk.site.tell(change())
    desk.site.tell(change(subject="norm:average_handle_time:all:all"))
    desk.site.fail_with("drop_after", "drop_before")
    assert desk.qos("deliver")[0] == 4
    code, _, complaints = desk.qos("deliver", "--arrived", "7")
    assert (code, complaints) == (2, "qos: outbox 7: no message of unknown fate\n")
    assert desk.qos("deliver", "--arrived", "1", "--resend", "2")[0] == 0
    assert len(desk.slack.all_messages()) == 2


def test_an_incident_is_acknowledged_by_the_beginning_of_its_id(desk: Desk) -> None:
    desk.site.tell(change())
    desk.qos("deliver")
    code, said, _ = desk.qos("ack", "norm:service_level", "--by", "marie")
    assert (code, said.splitlines()[0]) == (0, f"{SERVICE}: noted, by marie.")
    assert desk.acknowledged() == [(SERVICE, "marie", None, "command")]
    assert "Acknowledged by marie on" in str(desk.slack.parents()[0]["blocks"][1])
    shown = desk.qos("show", "incidents", "--format", "json", "--warehouse", "warehouse.duckdb")[1]
    assert [row["acknowledged_by"] for row in json.loads(shown)] == ["marie"]


def test_an_incident_is_snoozed_until_a_day(desk: Desk) -> None:
    desk.site.tell(change())
    desk.qos("deliver")
    code, _, complaints = desk.qos("snooze", SERVICE, "--until", "2000-03-12")
    assert code == 2  # by the clock of today that day is long over
    assert "Choose a day after today" in complaints
    assert desk.qos("snooze", SERVICE, "--until", "2999-03-12", "--by", "marie")[0] == 0
    assert desk.acknowledged() == [(SERVICE, "marie", "2999-03-12", "command")]


def test_which_incident_is_meant_must_be_clear(desk: Desk) -> None:
    desk.site.tell(change(), change(subject="norm:average_handle_time:all:all"))
    code, _, complaints = desk.qos("ack", "norm:")
    assert code == 2
    assert "'norm:' names 2 open incidents" in complaints
    code, _, complaints = desk.qos("ack", "trigger")
    assert "'trigger' names no open incident" in complaints
    assert SERVICE in complaints
    desk.site.tell(change(Reason.RECOVERED, **RECOVERED))
    assert "no open incident" in desk.qos("ack", SERVICE)[2]


def test_commands_without_a_site_say_what_to_do(desk: Desk) -> None:
    (desk.home / "qos.toml").unlink()
    for words in (("deliver",), ("ack", "x"), ("listen",), ("test-alert",)):
        code, _, complaints = desk.qos(*words)
        assert (code, complaints.count("\n")) == (2, 1)
    code, _, complaints = desk.qos("deliver", "--config", str(desk.home / "policy.toml"))
    assert code == 2


def test_a_test_alert_arrives_and_counts_as_nothing(desk: Desk) -> None:
    desk.say(site='language = "fr"', policy='[routes]\ndirector = "C0DIRECTOR"\n')
    assert desk.qos("test-alert") == (0, "1 sent, 0 printed, 0 held back.\n", "")
    assert desk.qos("test-alert", "--route", "director")[0] == 0
    manager, director = desk.slack.parents(CHANNEL), desk.slack.parents("C0DIRECTOR")
    assert [m["blocks"][0]["text"]["text"] for m in (*manager, *director)] == ["Alerte d’essai"] * 2
    assert read.incidents(desk.con) == []
    assert desk.slack.problems == []


def test_listening_needs_both_tokens(desk: Desk) -> None:
    code, _, complaints = desk.qos("listen")
    assert (code, complaints) == (
        2,
        "qos: SLACK_APP_TOKEN is not set: qos listen needs the bot token and the app-level token.\n",
    )


def test_a_listener_runs_until_it_is_told_to_stop(desk: Desk) -> None:
    """The real command in a process of its own: a click, then the signal of a service manager."""
    desk.say(slack="buttons = true")
    desk.site.about = replace(SITE, has_buttons=True)
    desk.site.tell(trigger_change())
    desk.qos("deliver")
    command = [str(Path(sys.executable).with_name("qos")), "listen"]
    tokens = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
    with serving_sockets() as sockets:
        desk.slack.socket_mode = sockets.address
        process = subprocess.Popen(
            command, cwd=desk.home, env=os.environ | tokens, stdout=subprocess.PIPE, text=True
        )
        try:
            wait_until(lambda: bool(sockets.connections) or process.poll() is not None, 60)
            sockets.send(click("trigger:quality@2000-03-09"))
            wait_until(lambda: "edited" in desk.slack.parents()[0])
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert said.splitlines() == [
        "Listening to Slack; stop with Ctrl-C.",
        "trigger:quality@2000-03-09: noted, by U0MARIE",
    ]
    with closing(sqlite3.connect(desk.home / "operations.db")) as con:
        written = b"".join(file.read_bytes() for file in desk.home.iterdir() if file.is_file())
        assert con.execute("select acknowledged_by from acknowledgement").fetchall() == [
            ("U0MARIE",)
        ]
    assert not any(token.encode() in written for token in tokens.values())


def test_a_policy_is_checked(desk: Desk) -> None:
    code, said, _ = desk.qos("policy", "check", "policy.toml")
    assert code == 0
    assert said.startswith("policy.toml: sound, version ")
    assert said.endswith(": 1 norm; quality.\n")
    desk.say(
        policy='[routes]\nmanager = "#quality"\nboss = "C0BOSS"\n[messages]\nquiet_from = "8 pm"\n'
    )
    code, _, complaints = desk.qos("policy", "check", "policy.toml")
    assert code == 2
    assert complaints.count("\n") == 5
    assert all(line.startswith("qos: policy.toml: ") for line in complaints.splitlines())


def test_a_policy_is_explained_in_both_languages(desk: Desk) -> None:
    desk.say(
        policy='[routes]\ndirector = "C0BOSS"\n[messages]\nquiet_from = "20:00"\n'
        'quiet_until = "07:30"\nwhy = "nights"\n'
    )
    code, said, _ = desk.qos("policy", "explain", "policy.toml")
    assert code == 0
    paragraphs = said.strip().split("\n\n")
    assert paragraphs[1] == (
        "Service level: at least 80.0 %, over 28 days. A norm of quality of service, judged from"
        " 200 cases on, with a 95 % interval. Why: the in-house figure"
    )
    assert paragraphs[3].startswith("Repatriation trigger quality of service: fires when")
    assert "goes to channel C0BOSS, the director's." in paragraphs[4]
    assert "What is written between 20:00 and 07:30 waits until 07:30." in paragraphs[4]
    french = desk.qos("policy", "explain", "policy.toml", "--language", "fr")[1]
    french = french.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Niveau de service : norme d’au moins 80,0 %, sur 28 jours." in french
    assert "Ce qui est écrit entre 20:00 et 07:30 attend 07:30." in french


def test_the_policy_that_comes_with_qos_can_be_explained(desk: Desk) -> None:
    code, said, _ = desk.qos("policy", "explain", "--language", "fr")
    assert code == 0
    assert "{" not in said
    assert "Turnover des conseillers" in said
