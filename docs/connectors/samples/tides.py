#!/usr/bin/env python3
"""A connector in Python, with nothing but its standard library: the wire protocol of docs/protocol.md as it is.

LGSP_NATS_URL=nats://127.0.0.1:4222 python3 tides.py

Its outside system is a table of tides and a dictionary of reports; yours is somewhere else, and takes longer. When the bus goes
away it ends: whoever started it starts it again.
"""

import datetime
import json
import os
import re
import select
import signal
import socket
import time
import uuid

from nats_wire import Wire

RECEIPTS_MAX = 10_000
STARTED = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
STATUS = {
    "malformed-json": 400,
    "invalid-request": 400,
    "idempotency-key-required": 400,
    "not-found": 404,
    "internal": 500,
    "deadline-exceeded": 504,
}


class Refusal(Exception):
    """A call that fails with a code of docs/errors.md."""

    def __init__(self, code, errors=None):
        super().__init__(code)
        self.code, self.errors = code, errors


# --- What it does -----------------------------------------------------------------------------------------------------

STATIONS = {"hon-dau": 380, "do-son": 360}
receipts = {}


def is_station(value):
    return isinstance(value, str) and re.fullmatch("[a-z-]{3,40}", value) is not None


def is_day(value):
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        return bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def is_level(value):
    return isinstance(value, int) and not isinstance(value, bool) and -500 <= value <= 1_000


def get_tide(_key, station, day):
    if station not in STATIONS:
        raise Refusal("not-found")
    minutes = datetime.date.fromisoformat(day).toordinal() * 50 % 1_440
    return {"station": station, "day": day, "highAt": f"{minutes // 60:02}:{minutes % 60:02}", "highCm": STATIONS[station]}


def report_level(key, station, levelCm):
    """The same key is the same report, however often it is sent."""
    if station not in STATIONS:
        raise Refusal("not-found")
    if key not in receipts:
        if len(receipts) >= RECEIPTS_MAX:
            receipts.pop(next(iter(receipts)))
        receipts[key] = {"receipt": f"R-{uuid.uuid4().hex[:12]}"}
    return receipts[key]


def report_level_outcome(key):
    if key not in receipts:
        raise Refusal("not-found")
    return receipts[key]


# --- What it says of itself -------------------------------------------------------------------------------------------

STATION = {"type": "string", "pattern": "^[a-z-]{3,40}$"}
DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
LEVEL = {"type": "integer", "minimum": -500, "maximum": 1_000}


def schema(properties, **further):
    return {"type": "object", "properties": properties, "required": list(properties), **further}


def describe(kind, summary, summary_vi, properties, output, example):
    texts = {"input": schema(properties, additionalProperties=False), "output": schema(output), "example": example}
    return {
        "kind": kind,
        "summary": summary,
        "summaryVi": summary_vi,
        "sensitivity": "public",
        "timeoutMs": "5000",
        **{name: json.dumps(value) for name, value in texts.items()},
    }


SERVICE = {
    "name": "tides",
    "id": uuid.uuid4().hex[:20],
    "version": "1.0.0",
    "metadata": {"owner": "Port authority", "summary": "Tides", "summaryVi": "Thủy triều"},
}
TIDE_EXAMPLE = {
    "input": {"station": "hon-dau", "day": "2026-11-25"},
    "output": {"station": "hon-dau", "day": "2026-11-25", "highAt": "12:50", "highCm": 380},
}
LEVEL_EXAMPLE = {"input": {"station": "hon-dau", "levelCm": 212}, "output": {"receipt": "R-0f3a5c7e9b1d"}}


class Endpoint:
    def __init__(self, name, subject, perform, checks, metadata):
        self.name, self.subject, self.perform, self.checks, self.metadata = name, subject, perform, checks, metadata
        self.requests = self.errors = self.nanoseconds = 0

    def answer(self, headers, body):
        """The output of one call. Raises Refusal."""
        deadline = headers.get("Lgsp-Deadline", "")
        if deadline.isdigit() and int(deadline) <= time.time() * 1_000:
            raise Refusal("deadline-exceeded")
        key = headers.get("Lgsp-Idempotency-Key")
        if self.perform is not get_tide and not key:
            raise Refusal("idempotency-key-required")
        # An outcome is asked by the key alone: its body may be empty.
        return self.perform(key, **(read_input(body, self.checks) if self.checks else {}))


ENDPOINTS = [
    Endpoint(
        "get-tide",
        "lgsp.tides.v1.get-tide",
        get_tide,
        {"station": is_station, "day": is_day},
        describe(
            "query",
            "Gives the high water of a day",
            "Tra cứu giờ và mực nước triều cường trong ngày",
            {"station": STATION, "day": DAY},
            {"station": STATION, "day": DAY, "highAt": {"type": "string"}, "highCm": LEVEL},
            TIDE_EXAMPLE,
        ),
    ),
    Endpoint(
        "report-level",
        "lgsp.tides.v1.report-level",
        report_level,
        {"station": is_station, "levelCm": is_level},
        describe(
            "command",
            "Hands in a level that was measured",
            "Báo mực nước đo được",
            {"station": STATION, "levelCm": LEVEL},
            {"receipt": {"type": "string"}},
            LEVEL_EXAMPLE,
        ),
    ),
    Endpoint("report-level-outcome", "lgsp.tides.v1.report-level.outcome", report_level_outcome, {}, {"kind": "query"}),
]


def read_input(body, checks):
    """The fields of a body, every fault named by its path. Raises Refusal."""
    try:
        fields = json.loads(body.decode("utf-8"))
    except ValueError:
        raise Refusal("malformed-json") from None
    if not isinstance(fields, dict):
        raise Refusal("invalid-request", [fault("", "object", "must be a JSON object")])
    errors = [fault(name, "unknown-field", "is not a field of this operation") for name in fields if name not in checks]
    for name, is_right in checks.items():
        if name not in fields:
            errors.append(fault(name, "required", "is required"))
        elif not is_right(fields[name]):
            errors.append(fault(name, "form", "does not have the form that the schema says"))
    if errors:
        raise Refusal("invalid-request", errors[:50])
    return fields


def fault(name, rule, message):
    path = "/" + name.replace("~", "~0").replace("/", "~1") if name else ""
    return {"path": path, "rule": rule, "message": message}


def service_answer(verb):
    """PING, INFO and STATS of the services protocol (ADR-32)."""
    answer = {"type": f"io.nats.micro.v1.{verb.lower()}_response", **SERVICE}
    endpoints = [{"name": it.name, "subject": it.subject, "queue_group": "tides"} for it in ENDPOINTS]
    if verb == "INFO":
        for line, it in zip(endpoints, ENDPOINTS):
            line["metadata"] = it.metadata
        answer.update(description="Tides", endpoints=endpoints)
    if verb == "STATS":
        for line, it in zip(endpoints, ENDPOINTS):
            mean = it.nanoseconds // max(1, it.requests)
            figures = {"processing_time": it.nanoseconds, "average_processing_time": mean}
            line.update(num_requests=it.requests, num_errors=it.errors, **figures)
        answer.update(started=STARTED, endpoints=endpoints)
    return answer


# --- How it serves -----------------------------------------------------------------------------------------------------


def answer_call(wire, endpoint):
    def handle(reply, headers, body):
        started = time.perf_counter_ns()
        endpoint.requests += 1
        try:
            payload, problem = endpoint.answer(headers, body), None
        except Refusal as refusal:
            payload, problem = {"code": refusal.code, "errors": refusal.errors}, refusal.code
        except Exception as mistake:  # Ours: the caller is told so, and the log what kind; never the body.
            print(f"{endpoint.name}: {type(mistake).__name__}", flush=True)
            payload, problem = {"code": "internal"}, "internal"
        told = {"Lgsp-Upstream-Attempts": 0, "Lgsp-Upstream-Ms": 0}
        if problem:
            endpoint.errors += 1
            told.update({"Nats-Service-Error-Code": STATUS[problem], "Nats-Service-Error": problem})
            payload = {name: value for name, value in payload.items() if value is not None}
        endpoint.nanoseconds += time.perf_counter_ns() - started
        if reply:
            wire.publish(reply, json.dumps(payload).encode(), told)

    return handle


def main():
    wire = Wire(os.environ.get("LGSP_NATS_URL", "nats://127.0.0.1:4222"))
    for verb in ("PING", "INFO", "STATS"):

        def tell(reply, _headers, _body, verb=verb):
            wire.publish(reply, json.dumps(service_answer(verb)).encode())

        for subject in (verb, f"{verb}.{SERVICE['name']}", f"{verb}.{SERVICE['name']}.{SERVICE['id']}"):
            wire.subscribe(f"$SRV.{subject}", tell)
    for endpoint in ENDPOINTS:
        wire.subscribe(endpoint.subject, answer_call(wire, endpoint), queue="tides")

    # A signal writes into a pipe, so that it is seen between two messages and never in the middle of one.
    woken, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    leaving = False
    while True:
        buffered = bool(wire.received)
        ready, _, _ = select.select([woken] if buffered else [wire.socket, woken], [], [], 0 if buffered else None)
        if woken in ready:
            woken.recv(64)
            if not leaving:
                wire.leave()
            leaving = True
        elif wire.take() == "PONG" and leaving:
            return


if __name__ == "__main__":
    main()
