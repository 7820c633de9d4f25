"""S18: secrets lie in Secrets Manager and SSM; what is in the repository and in settings are their names."""

import math
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.test_serverless import functions, template

__all__ = ["template"]
ROOT = Path(__file__).resolve().parent.parent
SHAPES = {
    "a key of AWS": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "a private key": r"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----\s*\n\s*[A-Za-z0-9+/=]{40}",
    "a token of Slack": r"\bxox[abprs]-[0-9A-Za-z-]{20,}",
    "a webhook of Slack": r"hooks\.slack\.com/services/T[0-9A-Z]{8,}/B[0-9A-Z]{8,}/\w{20,}",
    "a token of GitHub": r"\b(gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{50,})\b",
    "a key of Google": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a live key of Stripe": r"\b[rs]k_live_[0-9A-Za-z]{20,}",
    "a session of Salesforce": r"\b00D[0-9A-Za-z]{12,15}![0-9A-Za-z._]{60,}",
}
_NAMED = re.compile(
    r"""(?i)(secret|passw\w*|token|api_?key|signing)\w*["']?\s*[:=]\s*["']([A-Za-z0-9+/=_-]{24,})["']"""
)
_MOST_ENTROPY = 4.0
"""Bits a character: words and names of ours lie below, random base64 of 24 characters and more above."""


def entropy(text):
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def found(text):
    shapes = [name for name, shape in SHAPES.items() if re.search(shape, text)]
    return shapes + [name for name, value in _NAMED.findall(text) if entropy(value) > _MOST_ENTROPY]


def test_S18_no_file_of_the_repository_holds_a_secret():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    holding = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        is_text = path.is_file() and not path.is_symlink() and path.stat().st_size < 1_000_000
        if is_text and (kinds := found(path.read_text(errors="replace"))):
            holding[name] = kinds
    assert holding == {}


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4,
        "https://hooks.slack.com/services/" + "T01234567/B01234567/" + "aB3dE5fG7hI9jK1lM3nO5pQ7",
        "api_key = '" + "q8ZtW3xY7uV1sR5pN9mK2jH6gF4d" + "'",
        '{"client_secret": "' + "hX7kP2vQ9wL4nT8rY3sB6mD1cF5gJ0zA" + '"}',
    ],
)
def test_S18_a_secret_would_be_found(text):
    assert found(text)


def test_S18_functions_are_told_names_of_secrets_and_no_secret(template):
    named = 0
    for function, properties in functions(template).items():
        for name, value in properties["Environment"]["Variables"].items():
            assert "NoEcho" not in str(value)
            assert "resolve:" not in str(value), f"{function} would be given the secret behind {name} itself"
            if value and re.search(r"SECRET|PASSWORD|TOKEN|KEY", name):
                assert re.fullmatch(r"/?warmbench/[a-z]+/[a-z-]+", value), f"{function}: {name}"
                named += 1
    assert named
