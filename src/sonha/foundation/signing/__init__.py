"""Digital signatures of papers: the province's test CA, PAdES signing with a visible stamp, and verification by anyone.

Lives here: `pki` (CA on disk), `signers` (software key, PKCS#11 token), `pades` (sign), `stamps` (what is seen),
`verification` (pure, needs no Django), `services` and `selectors` (certificates, signed documents). Any layer above
foundation may import it.
"""
