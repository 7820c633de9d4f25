"""Signs notifications as SNS does, with a key of this machine whose certificate the local stage pins."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from integration.adapters.sns import string_to_sign

_YEARS = timedelta(days=3650)


def make_certificate(folder: Path) -> tuple[Path, str]:
    """(file of the private key, certificate as PEM); made once per folder."""
    key_file, certificate_file = folder / "sns-key.pem", folder / "sns-certificate.pem"
    if not (key_file.exists() and certificate_file.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        key_file.touch(mode=0o600)
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        certificate_file.write_bytes(_self_signed(key).public_bytes(serialization.Encoding.PEM))
    return key_file, certificate_file.read_text()


def _self_signed(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.local")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .sign(key, hashes.SHA256())
    )


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
