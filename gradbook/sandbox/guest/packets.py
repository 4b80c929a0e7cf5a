"""How the grader speaks with processes of its own, which run no line of a student: JSON, and sockets with it at times.

What a student's process sends goes by `wire`, which trusts nothing.
"""

import json
import socket

MOST = 1 << 16  # bytes of a message


def pair():
    """Two connected sockets, between which messages stay whole."""
    return socket.socketpair(type=socket.SOCK_SEQPACKET)


def send(control, message, *passed):
    """Send plain data, and sockets with it. Raises OSError where nobody is there any more."""
    socket.send_fds(control, [json.dumps(message).encode()], [each.fileno() for each in passed])


def receive(control, most=0):
    """A message, and the list of at most so many sockets that came with it. Raises EOFError where nobody is left."""
    data, numbers, *_ = socket.recv_fds(control, MOST, most)
    if not data:
        raise EOFError
    return json.loads(data), [socket.socket(fileno=number) for number in numbers]
