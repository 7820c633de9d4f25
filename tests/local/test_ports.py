"""`--port` as people type it."""

import argparse

import pytest

from integration.local.org import serve
from integration.local.serving import port_number


@pytest.mark.parametrize(("text", "meant"), [("0", 0), ("8700", 8700), ("65530", 65530)])
def test_ports_are_read(text, meant):
    assert port_number(text) == meant


@pytest.mark.parametrize("text", ["x", "", "-1", "80", "65531", "99999", "8700.5", "٣٠٠٠"])
def test_what_is_no_port_is_told(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is no port: give a number from 1024 to 65530"):
        port_number(text)


def test_the_command_line_names_the_port_and_its_range(capsys):
    with pytest.raises(SystemExit):
        serve.main(["--port", "99999"])
    assert "argument --port: '99999' is no port" in capsys.readouterr().err
