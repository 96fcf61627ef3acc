"""An authority of a test's own, and certificates of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Makes certificates in a folder; its own is ``file``."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.file = folder, folder / f"{name}-ca.pem"
        self.name, self.key = _name(name), ec.generate_private_key(ec.SECP256R1())
        self._make(self.file, self.name, self.key, x509.BasicConstraints(ca=True, path_length=0))

    def certificate(self, stem: str, host: str) -> tuple[Path, Path]:
        """A certificate for a host, and its key, as files."""
        key, held, kept = (
            ec.generate_private_key(ec.SECP256R1()),
            self.folder / f"{stem}.pem",
            self.folder / f"{stem}.key",
        )
        self._make(held, _name(host), key, x509.SubjectAlternativeName([x509.DNSName(host)]))
        plain = serialization.NoEncryption()
        kept.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        return held, kept

    def _make(self, file: Path, subject: x509.Name, key: ec.EllipticCurvePrivateKey, told: x509.ExtensionType) -> None:
        now = datetime.now(UTC)
        built = x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number())
        built = built.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=1))
        made = built.add_extension(told, critical=isinstance(told, x509.BasicConstraints)).sign(
            self.key, hashes.SHA256()
        )
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _name(told: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, told)])
