"""The ten characters by which anyone finds a signed document.

Printed beside the QR, typed by hand, read over the phone.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LENGTH = 10
_MISREAD = str.maketrans("OIL", "011")


def new() -> str:
    """A random code of 50 bits: not to be guessed, nor counted."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """`7K2M9-QX4TB`, as printed."""
    return f"{code[:5]}-{code[5:]}"


def read(text: str) -> str:
    """A typed code in its one true form; empty when it cannot be one.

    Forgives case, hyphens, spaces, and O, I, L for 0, 1, 1.
    """
    code = re.sub(r"[\s\-–]", "", text).upper().translate(_MISREAD)
    return code if len(code) == LENGTH and all(letter in ALPHABET for letter in code) else ""
