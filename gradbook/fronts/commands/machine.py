"""What is asked about a machine."""

from __future__ import annotations

import argparse

from ..arguments import Commands


def add_to(commands: Commands) -> None:
    commands.command("doctor", _doctor, "check the sandbox, the versions and the course folder")


def _doctor(options: argparse.Namespace) -> int:
    from ..doctor import diagnose

    return diagnose(options.course)
