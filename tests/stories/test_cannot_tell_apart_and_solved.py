"""Cannot tell apart: suspects are as likely, the product asks the one question that splits them, and it is solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shell import chargelore
from site_log import boot, site_log, status, trips

WET = "water-in-coupler"
MOST = 4  # questions, after which a technician has gone home


def faulty(folder: Path) -> Path:
    """A charger that tripped once at plug-in, and says nothing else."""
    file = folder / "cp1.log"
    file.write_text(site_log([boot(0), status(2, "Available"), *trips(600)]))
    return file


def triaged(log: Path, answers: dict[str, str]) -> dict[str, Any]:
    said = [each for evidence, answer in answers.items() for each in ("--seen", f"{evidence}={answer}")]
    [case] = chargelore("triage", log, *said, "--format", "json").json["cases"]
    assert isinstance(case, dict)
    return case


def chance(case: dict[str, Any], cause: str) -> float:
    return next((float(each["probability"]) for each in case["hypotheses"] if each["cause"] == cause), 0.0)


def answered_for(question: dict[str, Any], cause: str) -> str:
    """What a technician answers who stands before a charger with this cause: the answer that leads to it."""
    leading = (each["answer"] for each in question["outcomes"] if each["cause"] == cause)
    return next(leading, "no")


def test_suspects_that_look_alike_are_told_apart_by_the_question_that_is_asked(tmp_path: Path) -> None:
    log, answers = faulty(tmp_path), dict[str, str]()
    case = first = triaged(log, answers)
    assert case["verdict"] == "ambiguous"
    assert WET in {each["cause"] for each in case["apart"]["causes"]}
    assert all(each["probability"] < 0.5 for each in case["hypotheses"])  # nobody would bet on one of them

    while case["verdict"] == "ambiguous" and len(answers) < MOST:
        question = case["apart"]["splits_by"]
        assert question["question"].endswith("?")
        assert question["evidence"] not in answers  # what is known is not asked again
        answers[question["evidence"]] = answered_for(question, WET)
        case = triaged(log, answers)
    assert (case["verdict"], case["hypotheses"][0]["cause"]) == ("diagnosed", WET)
    assert case["apart"] is None

    cure = next(each["step"] for each in case["next"] if WET in each["splits"])
    seen = [each for name, answer in answers.items() for each in ("--seen", f"{name}={answer}")]
    found = ("--cause", WET, "--fixed-by", cure)
    assert chargelore("finding", case["case"], "--log", log, *seen, *found).code == 0
    assert chance(triaged(log, {}), WET) > chance(first, WET)


def test_the_page_names_them_together_with_the_question(tmp_path: Path) -> None:
    said = chargelore("triage", faulty(tmp_path), "--format", "table").out
    [case] = chargelore("triage", faulty(tmp_path), "--format", "json").json["cases"]
    assert case["apart"]["splits_by"]["question"] in said
