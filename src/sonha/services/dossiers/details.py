"""The two question groups that every filing has besides its own form: whose dossier it is (at the desk), and how the result is received.

They are forms like any other, so that they are checked, shown and saved the same way.
"""

from collections.abc import Mapping
from typing import Any

PERSONS, ORGANISATIONS = ["person", "household"], ["business", "organisation"]
OWNER_NAMES = ("kind", "name", "personal_id", "tax_code", "birth_date", "commune_code", "address", "phone", "email")

OWNER: dict[str, Any] = {
    "sections": [
        {
            "key": "owner",
            "title": "Chủ hồ sơ",
            "title_en": "Owner of the dossier",
            "fields": [
                {
                    "key": "kind",
                    "type": "radio",
                    "label": "Chủ hồ sơ là",
                    "label_en": "The owner is",
                    "required": True,
                    "options": [
                        {"value": "person", "label": "Cá nhân", "label_en": "A person"},
                        {"value": "household", "label": "Hộ gia đình", "label_en": "A household"},
                        {"value": "business", "label": "Doanh nghiệp", "label_en": "A business"},
                        {"value": "organisation", "label": "Tổ chức khác", "label_en": "Another organisation"},
                    ],
                },
                {"key": "name", "type": "text", "label": "Họ và tên, tên tổ chức", "label_en": "Name", "required": True, "max_length": 250},
                {
                    "key": "personal_id",
                    "type": "personal_id",
                    "label": "Số căn cước (hoặc chứng minh nhân dân)",
                    "label_en": "Personal ID",
                    "required": True,
                    "when": {"field": "kind", "in": PERSONS},
                },
                {
                    "key": "tax_code",
                    "type": "tax_code",
                    "label": "Mã số thuế, mã số doanh nghiệp",
                    "label_en": "Tax code",
                    "required": {"field": "kind", "eq": "business"},
                    "when": {"field": "kind", "in": ORGANISATIONS},
                },
                {
                    "key": "birth_date",
                    "type": "date",
                    "label": "Ngày sinh",
                    "label_en": "Date of birth",
                    "max": "today",
                    "when": {"field": "kind", "eq": "person"},
                },
                {
                    "key": "commune_code",
                    "type": "admin_unit",
                    "level": "commune",
                    "label": "Xã, phường nơi ở hoặc trụ sở",
                    "label_en": "Commune of residence or seat",
                },
                {"key": "address", "type": "text", "label": "Địa chỉ", "label_en": "Address", "required": True, "max_length": 300},
                {"key": "phone", "type": "phone", "label": "Điện thoại", "label_en": "Telephone"},
                {"key": "email", "type": "email", "label": "Thư điện tử", "label_en": "E-mail"},
                {
                    "key": "applicant_name",
                    "type": "text",
                    "label": "Người nộp, nếu không phải chủ hồ sơ",
                    "label_en": "Who hands it in, if not the owner",
                    "max_length": 250,
                },
            ],
        }
    ]
}

RELATIONS = (
    ("parent", "Cha, mẹ", "Father or mother"),
    ("spouse", "Vợ, chồng", "Wife or husband"),
    ("child", "Con", "Child"),
    ("sibling", "Anh, chị, em", "Brother or sister"),
    ("grandparent", "Ông, bà", "Grandparent"),
    ("other", "Người thân khác", "Another relative"),
)
_TYPED = {field["key"]: {name: value for name, value in field.items() if name != "when"} for field in OWNER["sections"][0]["fields"]}
RELATIVE: dict[str, Any] = {
    "sections": [
        {
            "key": "owner",
            "title": "Hồ sơ của người thân",
            "title_en": "For a relative",
            "help": "Ghi đúng như trên căn cước của người thân. Người này đứng tên hồ sơ và kết quả.",
            "help_en": "As on the relative's identity card. The dossier and its result are in this person's name.",
            "fields": [
                {
                    "key": "relation",
                    "type": "select",
                    "label": "Người thân là gì của ông/bà?",
                    "label_en": "Who is this person to you?",
                    "required": True,
                    "options": [{"value": value, "label": label, "label_en": english} for value, label, english in RELATIONS],
                },
                {**_TYPED["name"], "label": "Họ và tên người thân", "label_en": "Name of the relative"},
                *(_TYPED[name] for name in ("personal_id", "birth_date", "commune_code", "address", "phone")),
            ],
        }
    ]
}
"""The owner as a relative types it, who files for a person without an account (by authorisation: Bộ luật Dân sự 2015, Điều 138)."""

RETURN: dict[str, Any] = {
    "sections": [
        {
            "key": "place",
            "title": "Nơi giải quyết",
            "title_en": "Where it is handled",
            "when": {"field": "filing.needs_area", "eq": True},
            "fields": [
                {
                    "key": "receiving_commune",
                    "type": "admin_unit",
                    "level": "commune",
                    "label": "Xã, phường nơi giải quyết",
                    "label_en": "Commune or ward that handles the dossier",
                    "required": True,
                    "help": "Uỷ ban nhân dân nơi này tiếp nhận hồ sơ. Chọn nơi ông/bà ở, hoặc nơi có nhà, đất, cơ sở, công trình.",
                    "help_en": "The People's Committee of this place receives the dossier: where you live, or where the land or works are.",
                }
            ],
        },
        {
            "key": "return",
            "title": "Nhận kết quả",
            "title_en": "Receiving the result",
            "fields": [
                {
                    "key": "return_channel",
                    "type": "radio",
                    "label": "Ông/bà muốn nhận kết quả thế nào?",
                    "label_en": "How do you wish to receive the result?",
                    "required": True,
                    "options": [
                        {"value": "online", "label": "Nhận bản điện tử trên trang này", "label_en": "Electronically, on this site"},
                        {"value": "desk", "label": "Nhận tại bộ phận một cửa", "label_en": "At the one-stop desk"},
                        {"value": "post", "label": "Nhận qua bưu chính công ích", "label_en": "By post"},
                    ],
                },
                {
                    "key": "return_address",
                    "type": "text",
                    "label": "Địa chỉ nhận qua bưu chính",
                    "label_en": "Postal address",
                    "required": True,
                    "max_length": 300,
                    "when": {"field": "return_channel", "eq": "post"},
                    "help": "Ghi đủ số nhà, thôn hoặc đường, xã, tỉnh. Cước bưu chính do người nhận trả.",
                    "help_en": "House, village or street, commune, province. The recipient pays the postage.",
                },
                {
                    "key": "contact_phone",
                    "type": "phone",
                    "label": "Điện thoại liên hệ",
                    "label_en": "Telephone",
                    "help": "Cán bộ gọi khi cần hỏi thêm hoặc hẹn đi kiểm tra.",
                    "help_en": "Officials call when they have a question or agree on an inspection.",
                },
                {
                    "key": "contact_email",
                    "type": "email",
                    "label": "Thư điện tử nhận thông báo",
                    "label_en": "E-mail for notices",
                },
            ],
        },
    ]
}


def return_defaults(details: Mapping[str, Any], answers: Mapping[str, Any], home: Mapping[str, str]) -> dict[str, Any]:
    """What is shown before anything was typed: places and contacts known from the form and from the owner's address."""
    place = next((str(value) for name, value in answers.items() if name.endswith("commune") and value), "")
    known = {
        "receiving_commune": place or home.get("commune_code", ""),
        "return_address": home.get("address", ""),
        "contact_phone": home.get("phone", ""),
        "contact_email": home.get("email", ""),
    }
    return {**known, **{name: value for name, value in details.items() if name in RETURN_NAMES}}


RETURN_NAMES = tuple(field["key"] for section in RETURN["sections"] for field in section["fields"])
