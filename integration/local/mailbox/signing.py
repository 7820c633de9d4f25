"""Signs notifications as SNS does, with a key of this machine whose certificate the local stage pins."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from integration.adapters.sns import string_to_sign
from integration.local import certificate


def make_certificate(folder: Path) -> tuple[Path, str]:
    """(file of the private key, certificate as PEM); made once per folder."""
    key_file, certificate_file = folder / "sns-key.pem", folder / "sns-certificate.pem"
    certificate.ensure(key_file, certificate_file, "sns.local")
    return key_file, certificate_file.read_text()


@dataclass(frozen=True)
class Notifier:
    """Wraps a message into a signed notification of one topic."""

    key: rsa.RSAPrivateKey
    topic_arn: str

    @classmethod
    def from_file(cls, key_file: Path, topic_arn: str) -> "Notifier":
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError(f"{key_file} holds no RSA key")
        return cls(key, topic_arn)

    def notification(self, message: str, at: datetime) -> bytes:
        """The body of the POST that SNS would make."""
        body = {
            "Type": "Notification",
            "MessageId": str(uuid.uuid4()),
            "TopicArn": self.topic_arn,
            "Subject": "Amazon SES Email Event Notification",
            "Message": message,
            "Timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "SignatureVersion": "2",
        }
        signature = self.key.sign(string_to_sign(body), padding.PKCS1v15(), hashes.SHA256())
        return json.dumps({**body, "Signature": base64.b64encode(signature).decode()}).encode()
