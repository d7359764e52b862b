"""NATS' text protocol over a socket, as much of it as a connector needs.

https://docs.nats.io/reference/reference-protocols/nats-protocol
"""

import json
import os
import socket
import urllib.parse

HEADER_LINE = "NATS/1.0"


class Wire:
    def __init__(self, url):
        address = urllib.parse.urlparse(url if "//" in url else f"nats://{url}")
        self.socket = socket.create_connection((address.hostname, address.port or 4222), timeout=10)
        self.received = b""
        self.subscriptions = {}
        connect = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True, "name": "tides", "lang": "python"}
        user, password = os.environ.get("LGSP_NATS_USER"), os.environ.get("LGSP_NATS_PASSWORD")
        if user:
            connect.update({"user": user, "pass": password})
        self.line()  # INFO: what the server can.
        self.socket.sendall(f"CONNECT {json.dumps(connect)}\r\nPING\r\n".encode())
        while self.take() != "PONG":
            pass

    def subscribe(self, subject, handle, queue=""):
        sid = str(len(self.subscriptions) + 1)
        self.subscriptions[sid] = handle
        self.socket.sendall(f"SUB {subject} {queue} {sid}\r\n".encode())

    def leave(self):
        """Takes nothing new; what the server has sent before its PONG is still ours to answer."""
        self.socket.sendall("".join(f"UNSUB {sid}\r\n" for sid in self.subscriptions).encode() + b"PING\r\n")

    def publish(self, subject, payload, headers=None):
        if headers is None:
            self.socket.sendall(f"PUB {subject} {len(payload)}\r\n".encode() + payload + b"\r\n")
            return
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{HEADER_LINE}\r\n{lines}\r\n".encode()
        self.socket.sendall(f"HPUB {subject} {len(head)} {len(head) + len(payload)}\r\n".encode() + head + payload + b"\r\n")

    def take(self):
        """Reads one thing from the server and handles it. Returns its verb."""
        verb, *words = self.line().decode().split(" ")
        if verb == "PING":
            self.socket.sendall(b"PONG\r\n")
        elif verb == "-ERR":
            raise ConnectionError(" ".join(words))
        elif verb in ("MSG", "HMSG"):
            head_length = int(words[-2]) if verb == "HMSG" else 0
            data = self.read(int(words[-1]) + 2)[:-2]
            reply = words[2] if len(words) > (4 if verb == "HMSG" else 3) else None
            self.subscriptions[words[1]](reply, headers_of(data[:head_length]), data[head_length:])
        return verb

    def line(self):
        while b"\r\n" not in self.received:
            self.fill()
        line, self.received = self.received.split(b"\r\n", 1)
        return line

    def read(self, length):
        while len(self.received) < length:
            self.fill()
        data, self.received = self.received[:length], self.received[length:]
        return data

    def fill(self):
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError("the bus has closed the connection")
        self.received += data


def headers_of(head):
    lines = head.decode(errors="replace").split("\r\n")[1:]
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
