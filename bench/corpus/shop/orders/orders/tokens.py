"""Signed tokens (HS256) that say who calls."""
import base64
import hashlib
import hmac
import json
import time


def token(subject: str, key: str, lifetime_seconds: int) -> str:
    now = int(time.time())
    head = encoded({"alg": "HS256", "typ": "JWT"})
    claims = encoded({"sub": subject, "iat": now, "exp": now + lifetime_seconds})
    signature = hmac.new(key.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    return f"{head}.{claims}.{base64url(signature)}"


def encoded(value: object) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
