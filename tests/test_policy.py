"""The policy: what it says, and a sentence for each thing that is wrong with it."""

from importlib.resources import files
from pathlib import Path

import pytest

from checks.policy import Policy, load_policy
from checks.policy_grammar import Direction
from warehouse.errors import ConfigurationError

DEFINITIONS = {
    "service_level": "proportion",
    "first_call_resolution": "proportion",
    "abandonment_rate": "proportion",
    "average_handle_time": "mean",
    "average_speed_of_answer": "mean",
    "agent_turnover": "rate",
    "cost_per_resolved_contact": "money",
}
SERVICE_LEVEL = """
[[norms]]
metric = "service_level"
direction = "at_least"
target = 0.80
window = "rolling_28"
kind = "quality"
min_denominator = 200
why = "the in-house figure"
"""
QUALITY = """
[triggers.quality]
apart_nights = 28
why = "windows that share no day"
"""
SCOPED = 'scope_kind = "queue"\nscope = "{}"\nkind'


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def load(path: Path, text: str) -> Policy:
    path.write_text(text, encoding="utf-8")
    return load_policy(path, DEFINITIONS)


def faults_of(path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(path, text)
    assert all(fault.startswith(f"{path}: ") for fault in caught.value.faults)
    return [fault.removeprefix(f"{path}: ") for fault in caught.value.faults]


def test_the_policy_that_comes_with_the_project_is_sound() -> None:
    policy = load_policy(Path(str(files("checks") / "policy.toml")), DEFINITIONS)
    targets = {norm.metric: (norm.direction, norm.target, norm.window) for norm in policy.norms}
    assert targets == {
        "service_level": ("at_least", 0.80, "rolling_28"),
        "first_call_resolution": ("at_least", 0.61, "rolling_28"),
        "abandonment_rate": ("at_most", 0.05, "rolling_28"),
        "average_handle_time": ("at_most", 360, "rolling_28"),
        "agent_turnover": ("at_most", 1.5, "rolling_91"),
    }
    assert [(t.name, t.apart_nights, t.long_window_days) for t in policy.triggers] == [
        ("quality", 28, None),
        ("turnover", 91, 182),
    ]


def test_in_french_it_has_the_same_numbers_and_reasons_of_its_own() -> None:
    english, french = (
        load_policy(Path(str(files("checks") / name)), DEFINITIONS)
        for name in ("policy.toml", "policy.fr.toml")
    )
    assert english.version == french.version
    assert english.telling == french.telling
    for one, other in zip(english.norms, french.norms, strict=True):
        assert one.why != other.why


def test_a_norm_knows_its_name_and_its_good_side(policy_file: Path) -> None:
    (norm,) = load(policy_file, SERVICE_LEVEL + QUALITY).norms
    assert norm.name == "service_level:all:all"
    assert norm.direction is Direction.AT_LEAST
    assert (norm.window_days, norm.level, norm.metric_kind) == (28, 0.95, "proportion")
    assert norm.is_wrong(0.79)
    assert not norm.is_wrong(0.80)
    assert norm.is_wholly_wrong(0.70, 0.79)
    assert not norm.is_wholly_wrong(0.70, 0.80)
    assert not norm.is_wholly_wrong(None, None)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"service_level"',
            '"servce_level"',
            "norm 1 (servce_level): metric 'servce_level' is unknown; did you mean service_level? "
            "there are: abandonment_rate, agent_turnover, average_handle_time, "
            "average_speed_of_answer, cost_per_resolved_contact, first_call_resolution, "
            "service_level.",
        ),
        (
            "target",
            "taget",
            "norm 1 (service_level): key 'taget' is unknown; did you mean target? there are: "
            "metric, scope_kind, scope, direction, target, window, kind, min_denominator, why.",
        ),
        ("target", "taget", "norm 1 (service_level): target is missing."),
        (
            "0.80",
            '"80 %"',
            "norm 1 (service_level): target must be a number, not '80 %'.",
        ),
        ("0.80", "true", "norm 1 (service_level): target must be a number, not True."),
        ("0.80", "nan", "norm 1 (service_level): target must be a number, not nan."),
        (
            "0.80",
            "80",
            "norm 1 (service_level): target 80 is no share below 1 (80 % is written 0.80).",
        ),
        ("0.80", "0", "norm 1 (service_level): target must be above 0."),
        ("200", "0", "norm 1 (service_level): min_denominator must be above 0."),
        (
            "at_least",
            "atleast",
            "norm 1 (service_level): direction 'atleast' is unknown; did you mean at_least? "
            "there are: at_least, at_most.",
        ),
        (
            "rolling_28",
            "28 days",
            "norm 1 (service_level): window '28 days' is unknown; "
            "there are: rolling_28, rolling_91.",
        ),
        (
            '"quality"',
            '"qualty"',
            "norm 1 (service_level): kind 'qualty' is unknown; did you mean quality? "
            "there are: quality, turnover.",
        ),
        (
            '"the in-house figure"',
            '" "',
            "norm 1 (service_level): why must be a text that is not empty, not ' '.",
        ),
        ('why = "the in-house figure"', "", "norm 1 (service_level): why is missing."),
        (
            "kind",
            'scope = "billing"\nkind',
            "norm 1 (service_level): scope_kind and scope are both given, or neither "
            "(the whole service).",
        ),
        (
            "kind",
            'scope_kind = "team"\nscope = "red"\nkind',
            "norm 1 (service_level): scope_kind 'team' is unknown; "
            "there are: all, provider, queue, reason, tenure_band.",
        ),
        (
            '"service_level"',
            '"cost_per_resolved_contact"',
            "norm 1 (cost_per_resolved_contact): the metric is reported without interval and "
            "cannot be judged.",
        ),
        (
            "apart_nights = 28",
            "apart_nights = 1.5",
            "trigger quality: apart_nights must be a whole number, not 1.5.",
        ),
        (
            "apart_nights = 28",
            "apart_nights = 27",
            "trigger quality: apart_nights must be 28, its window, or more.",
        ),
        (
            "triggers.quality",
            "triggers.qualities",
            "trigger 'qualities' is unknown; did you mean quality? there are: quality, turnover, cost, turnover_harms_quality.",
        ),
        (
            '"quality"',
            '"turnover"',
            "trigger quality: no norm of the whole service has kind 'quality'.",
        ),
        (
            "[[norms]]",
            "[[norm]]",
            "key 'norm' is unknown; did you mean norms? there are: norms, triggers, routes, messages, contract, in_house, attribution.",
        ),
        ("[[norms]]", "[[norm]]", "no norm is stated, so nothing could be judged."),
        ("[[norms]]", "[norms]", "norms are written as [[norms]], one such block each."),
        (
            "[triggers.quality]",
            "[triggers]",
            "a trigger is written as a block, such as [triggers.quality].",
        ),
    ],
)
def test_each_fault_is_one_sentence(policy_file: Path, old: str, new: str, fault: str) -> None:
    assert fault in faults_of(policy_file, (SERVICE_LEVEL + QUALITY).replace(old, new, 1))


def test_all_faults_are_named_at_once(policy_file: Path) -> None:
    text = SERVICE_LEVEL.replace("0.80", "80").replace("at_least", "above") + SERVICE_LEVEL.replace(
        "min_denominator = 200", "minimum = 200"
    )
    starts = [fault[:30] for fault in faults_of(policy_file, text + QUALITY + "nights = 3")]
    assert starts == [
        "norm 1 (service_level): direct",
        "norm 1 (service_level): target",
        "norm 2 (service_level): key 'm",
        "norm 2 (service_level): min_de",
        "trigger quality: key 'nights' ",
    ]


def test_a_policy_without_norms_has_its_other_faults_named_too(policy_file: Path) -> None:
    nothing = "no norm is stated, so nothing could be judged."
    cost = '[triggers.cost]\nmonths_running = {}\nwhy = "dear"\n'
    never = "trigger cost: it could never fire; state [in_house], or envelope in [contract]."
    assert faults_of(policy_file, cost.format(2)) == [nothing, never]
    assert faults_of(policy_file, cost.format("1.5")) == [
        nothing,
        "trigger cost: months_running must be a whole number, not 1.5.",
    ]
    one_block = SERVICE_LEVEL.replace("[[norms]]", "[norms]")
    assert faults_of(policy_file, one_block + cost.format("1.5")) == [
        "norms are written as [[norms]], one such block each.",
        "trigger cost: months_running must be a whole number, not 1.5.",
    ]


def test_two_norms_for_the_same_figure_contradict_each_other(policy_file: Path) -> None:
    fault = "more than one norm is stated for service_level: all: all."
    assert faults_of(policy_file, SERVICE_LEVEL + SERVICE_LEVEL) == [fault]


def test_a_trigger_watches_the_whole_service(policy_file: Path) -> None:
    queue_only = SERVICE_LEVEL.replace("kind", SCOPED.format("billing"), 1)
    fault = "trigger quality: no norm of the whole service has kind 'quality'."
    assert faults_of(policy_file, queue_only + QUALITY) == [fault]


def test_a_long_window_must_be_longer_than_the_norms_own(policy_file: Path) -> None:
    text = SERVICE_LEVEL.replace("quality", "turnover") + QUALITY.replace("quality", "turnover")
    fault = "trigger turnover: long_window_days must be longer than 28."
    assert faults_of(policy_file, text + "long_window_days = 28") == [fault]
    assert load(policy_file, text + "long_window_days = 29").triggers[0].long_window_days == 29


def test_a_file_that_is_not_toml_says_on_which_line(policy_file: Path) -> None:
    (fault,) = faults_of(policy_file, "\n[[norms]\n")
    assert fault.startswith("is not valid TOML: ")
    assert "line 2" in fault


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("why = 'équipe'".encode("cp1252"))
    for path, fault in (
        (tmp_path / "absent.toml", "cannot be read (No such file or directory)."),
        (tmp_path, "cannot be read (Is a directory)."),
        (latin, "is not UTF-8 text."),
    ):
        with pytest.raises(ConfigurationError) as caught:
            load_policy(path, DEFINITIONS)
        assert caught.value.faults == (f"{path}: {fault}",)


def test_the_version_follows_the_content_and_nothing_else(policy_file: Path) -> None:
    version = load(policy_file, SERVICE_LEVEL + QUALITY).version
    assert len(version) == 12
    assert load(policy_file, "# ours\n" + QUALITY + SERVICE_LEVEL).version == version
    reworded = (SERVICE_LEVEL + QUALITY).replace("the in-house figure", "chiffre interne")
    assert load(policy_file, reworded).version == version  # reasons judge nothing
    changed = (SERVICE_LEVEL + QUALITY).replace("0.80", "0.81")
    assert load(policy_file, changed).version != version


@pytest.mark.parametrize(
    ("scopes", "levels"),
    [
        (4, {0.95, 0.99}),  # five norms in all
        (5, {0.98, 0.99}),  # six norms
        (20, {0.98, 0.99}),
        (21, {0.98, 0.995}),  # more than twenty scopes
    ],
)
def test_the_more_norms_the_surer_an_interval_must_be(
    policy_file: Path, scopes: int, levels: set[float]
) -> None:
    scoped = (SERVICE_LEVEL.replace("kind", SCOPED.format(n), 1) for n in range(scopes))
    policy = load(policy_file, SERVICE_LEVEL + "".join(scoped) + QUALITY)
    assert {norm.level for norm in policy.norms} == levels
    assert policy.norms[0].level == min(levels)
