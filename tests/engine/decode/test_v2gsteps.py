"""The dialogue with the vehicle: which step it reached, who refused, whose timer ran out, in the standards' names."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.logs.v2gsteps import STEP_OF, STEPS, Dialogues
from chargelore.engine.read import read
from chargelore.engine.signal import Signal

EVEREST = """2031-05-01 10:00:00.000001 [INFO] evse_slac:SLAC     :: Entered Matching state, CM_SLAC_PARM.REQ received
2031-05-01 10:00:01.000001 [INFO] evse_slac:SLAC     :: Received CM_SLAC_MATCH.REQ, sent CM_SLAC_MATCH.CNF
2031-05-01 10:00:02.000001 [INFO] iso15118_charg :: SDP request received, SDP response sent
2031-05-01 10:00:03.000001 [INFO] iso15118_charg :: Handling SupportedAppProtocolReq: urn:din:70121:2012:MsgDef
2031-05-01 10:00:04.000001 [INFO] iso15118_charg :: Handling SessionSetupReq
2031-05-01 10:00:05.000001 [INFO] iso15118_charg :: Handling CableCheckReq
2031-05-01 10:00:45.000001 [ERRO] iso15118_charg :: V2G_SECC_Sequence_Timeout expired, closing
"""
JOSEV = """INFO    2031-05-01 10:00:00,123 - iso15118.secc.comm_session_handler (250): SDPRequest received
INFO    2031-05-01 10:00:03,123 - iso15118.shared.comm_session (250): SessionSetupReq received
INFO    2031-05-01 10:00:04,123 - iso15118.shared.comm_session (250): SessionSetupRes FAILED_SequenceError
"""


def told(text: str) -> list[Signal]:
    return [each for each in read(io.BytesIO(text.encode())) if each.kind == "v2g"]


def said(text: str) -> Signal:
    line = Signal(layer="firmware", kind="log", fields={"text": text})
    return list(Dialogues().of(line, text))[-1]


def test_the_steps_of_a_session_come_in_order_on_the_vehicle_layer() -> None:
    found = told(EVEREST)
    steps = list(dict.fromkeys(str(each.fields["step"]) for each in found if "step" in each.fields))
    assert steps == ["matching", "matched", "discovery", "protocol", "session", "cable-check"]
    assert {each.layer for each in found} == {"vehicle"}


def test_a_timer_says_who_waited_and_how_far_they_had_come() -> None:
    last = told(EVEREST)[-1].fields
    assert (last["event"], last["side"], last["last"], last["protocol"]) == (
        "timeout",
        "evse",
        "cable-check",
        "DIN 70121",
    )
    assert last["timer"] == "V2G_SECC_Sequence_Timeout"


def test_a_failed_answer_is_the_chargers_and_names_its_message() -> None:
    last = told(JOSEV)[-1].fields
    assert (last["event"], last["side"], last["message"]) == ("refused", "evse", "SessionSetupRes")
    assert last["code"] == "FAILED_SequenceError"


def test_a_code_is_looked_up_in_the_protocol_that_is_spoken() -> None:
    text = EVEREST + "2031-05-01 10:00:46.000001 [ERRO] iso15118_charg :: CableCheckRes FAILED_SequenceError\n"
    codes = [each for each in read(io.BytesIO(text.encode())) if each.kind == "code"]
    assert [(each.fields["code"], each.fields["vendor"]) for each in codes] == [("FAILED_SequenceError", "DIN 70121")]


@pytest.mark.parametrize(
    ("text", "event", "side"),
    [
        ("V2G_EVCC_CableCheck_Timeout elapsed", "timeout", "ev"),
        ("PreChargeReq DC_EVErrorCode: FAILED_EVShiftPosition", "vehicle-error", "ev"),
        ("CurrentDemandRes ResponseCode FAILED", "refused", "evse"),
    ],
)
def test_a_failure_of_the_vehicle_is_told_from_one_of_the_charger(text: str, event: str, side: str) -> None:
    assert (said(text).fields["event"], said(text).fields["side"]) == (event, side)


def test_tls_that_fails_belongs_to_the_dialogue() -> None:
    assert said("SDP response sent\nTLS handshake failed, alert unknown ca").fields["event"] == "tls-failed"


@pytest.mark.parametrize(
    "text",
    ["Reset requested", "Response received", "V2G_SECC_Sequence_Timeout = 60", "TLS connected", "FAILED_Login", ""],
)
def test_ordinary_words_say_nothing_of_a_dialogue(text: str) -> None:
    line = Signal(layer="firmware", kind="log", fields={"text": text})
    assert list(Dialogues().of(line, text)) == [] or text.startswith("V2G_SECC")


def test_a_management_systems_log_tells_of_no_vehicle() -> None:
    line = Signal(layer="csms", kind="log", fields={"text": ""})
    assert list(Dialogues().of(line, "SessionSetupReq")) == []


def test_each_message_of_the_standards_has_its_step() -> None:
    assert set(STEP_OF.values()) == set(STEPS)
    for name in STEP_OF:
        if not name.startswith(("CM_", "SDP")):
            assert said(f"{name}Req").fields["step"] == STEP_OF[name]


@given(st.lists(st.sampled_from([*EVEREST.splitlines(), *JOSEV.splitlines()]), min_size=1, max_size=12), st.data())
def test_lines_cut_glued_and_shuffled_invent_no_step(lines: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(["\n", ""])).join(lines)
    cut = text[: data.draw(st.integers(1, len(text)))]
    known = {
        str(each.fields.get("message")).partition(".")[0].removesuffix("Req").removesuffix("Res") for each in told(cut)
    }
    assert known <= {*STEP_OF, "", "None", "SECCDiscovery"}


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    line = Signal(layer="firmware", kind="log", fields={"text": text})
    list(Dialogues().of(line, f"V2G {text}"))
