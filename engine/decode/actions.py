"""The actions of OCPP 1.6 and 2.x, who sends each, and what kind of signal it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# OCPP 1.6 edition 2 with the security white paper, OCPP 2.0.1 edition 3, OCPP 2.1: requests that the charger sends.
KIND_OF_CHARGER_REQUEST: Mapping[str, str] = MappingProxyType(
    {
        "BootNotification": "boot",
        "StatusNotification": "status",
        "StartTransaction": "start",
        "StopTransaction": "stop",
        "TransactionEvent": "transaction",
        "MeterValues": "meter",
        "Authorize": "authorize",
        "Heartbeat": "heartbeat",
        "NotifyEvent": "event",
        "SecurityEventNotification": "security",
        "FirmwareStatusNotification": "firmware-status",
        "SignedFirmwareStatusNotification": "firmware-status",
        "DiagnosticsStatusNotification": "diagnostics-status",
        "LogStatusNotification": "diagnostics-status",
        "SignCertificate": "call",
        "ClearedChargingLimit": "call",
        "NotifyChargingLimit": "call",
        "NotifyCustomerInformation": "call",
        "NotifyDisplayMessages": "call",
        "NotifyEVChargingNeeds": "call",
        "NotifyEVChargingSchedule": "call",
        "NotifyMonitoringReport": "call",
        "NotifyReport": "call",
        "PublishFirmwareStatusNotification": "call",
        "ReportChargingProfiles": "call",
        "ReservationStatusUpdate": "call",
        "Get15118EVCertificate": "call",
        "GetCertificateStatus": "call",
        "NotifyDERAlarm": "call",
        "NotifyDERStartStop": "call",
        "NotifyPriorityCharging": "call",
        "NotifySettlement": "call",
        "NotifyPeriodicEventStream": "call",
        "BatterySwap": "call",
        "PullDynamicScheduleUpdate": "call",
        "ReportDERControl": "call",
        "VatNumberValidation": "call",
    }
)
_CSMS_REQUESTS = """
CancelReservation ChangeAvailability ChangeConfiguration ClearCache ClearChargingProfile GetCompositeSchedule
GetConfiguration GetDiagnostics GetLocalListVersion RemoteStartTransaction RemoteStopTransaction ReserveNow
Reset SendLocalList SetChargingProfile TriggerMessage UnlockConnector UpdateFirmware CertificateSigned
DeleteCertificate ExtendedTriggerMessage GetInstalledCertificateIds GetLog InstallCertificate
SignedUpdateFirmware ClearDisplayMessage ClearVariableMonitoring CostUpdated CustomerInformation GetBaseReport
GetChargingProfiles GetDisplayMessages GetMonitoringReport GetReport GetTransactionStatus GetVariables
PublishFirmware RequestStartTransaction RequestStopTransaction SetDisplayMessage SetMonitoringBase
SetMonitoringLevel SetNetworkProfile SetVariableMonitoring SetVariables UnpublishFirmware AFRRSignal
ChangeTransactionTariff ClearDERControl ClearTariffs GetDERControl GetTariffs NotifyAllowedEnergyTransfer
NotifyWebPaymentStarted RequestBatterySwap SetDefaultTariff SetDERControl UpdateDynamicSchedule
UsePriorityCharging AdjustPeriodicEventStream ClosePeriodicEventStream GetPeriodicEventStream
OpenPeriodicEventStream
"""
CSMS_REQUESTS = frozenset(_CSMS_REQUESTS.split())
EITHER_SIDE = frozenset({"DataTransfer"})
KNOWN = frozenset(KIND_OF_CHARGER_REQUEST) | CSMS_REQUESTS | EITHER_SIDE


def action_named(text: str) -> str | None:
    """The action of that name, or the only one that begins with it (four letters at least); None otherwise."""
    if text in KNOWN:
        return text
    begun = [action for action in KNOWN if action.startswith(text)] if len(text) >= 4 else []
    return begun[0] if len(begun) == 1 else None


def sender_of(action: str) -> str:
    """Who sends this request: `charger`, `csms`, or "" where both do or nobody knows."""
    if action in KIND_OF_CHARGER_REQUEST:
        return "charger"
    return "csms" if action in CSMS_REQUESTS else ""
