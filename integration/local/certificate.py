"""Self-signed certificates for servers and signers of this machine, made once and kept."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_YEARS = timedelta(days=3650)


def ensure(key_file: Path, certificate_file: Path, name: str, addresses: Sequence[str] = ()) -> None:
    """Writes both as PEM when one of them is missing; the certificate is good for the addresses and `localhost`."""
    if key_file.exists() and certificate_file.exists():
        return
    key_file.parent.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate_file.write_bytes(_self_signed(key, name, addresses).public_bytes(serialization.Encoding.PEM))


def _self_signed(key: rsa.RSAPrivateKey, name: str, addresses: Sequence[str]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
    )
    if addresses:
        names = [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(each)) for each in addresses)]
        # Clients are told to trust this very certificate, which some allow of an authority alone.
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
    return builder.sign(key, hashes.SHA256())
