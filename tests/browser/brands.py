"""Three made-up brands with a page each, drawn with every kind of block."""

import math
import struct
import zlib
from functools import cache

from integration.model import snapshot
from integration.model.blocks import completed
from integration.model.page import Look


@cache
def picture(width, height, colours):
    """A soft landscape of hills in the brand's colours, as PNG; a photograph would tell no more of the layout."""
    rows = []
    for y in range(height):
        row = bytearray([0])
        for x in range(width):
            band = sum(y / height > 0.42 + 0.13 * n + 0.07 * math.sin(x / width * 5 + n * 2.2) for n in range(3))
            low, high = colours[band], colours[min(band + 1, len(colours) - 1)]
            part = y / height
            row += bytes(round(a + (b - a) * part * 0.6) for a, b in zip(low, high, strict=True))
        rows.append(bytes(row))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def brand(name, address, **look):
    values = {"name": name, "logo": "", "privacy_url": "/", "postal_address": address}
    return {**values, "look": {**Look().__dict__, **look}}


HOSPITAL = brand("Lee Hospitals", "1 Quay Street, Cork", primary="#0b4f5c", font="sans")
WORKSHOP = brand("Holzmann Werke", "Hafenstraße 8, Bremen", primary="#8a2c0d", background="#fffdf9", font="serif")
CLINIC = brand("مستشفيات النيل", "شارع الكورنيش، القاهرة", primary="#5b2a86", font="rounded")

NURSES = {
    "slug": "nurses",
    "headline": "Nights that matter",
    "intro": "Join the people who keep our wards calm after dark.",
    "language": "en",
    "brand": HOSPITAL,
    "blocks": [
        {
            "type": "hero",
            "title": "Nights that matter",
            "text": "Join the people who keep our wards calm after dark. Fixed rota, paid handover, a team that stays.",
            "image": "sea",
            "alt": "Hills above the river at dusk",
        },
        {
            "type": "text",
            "title": "What you can count on",
            "body": "We plan six weeks ahead, and nobody is called on a day off. New colleagues walk with one of us "
            "for their first eight weeks.\n\n- Two colleagues on every ward\n- Paid handover\n- A quiet room, and time "
            "to use it",
        },
        {"type": "jobs", "title": "Open jobs"},
        {
            "type": "people",
            "title": "People who stayed",
            "items": [
                {
                    "text": "I came for a winter and stayed nine years.",
                    "by": "Maeve Byrne",
                    "role": "Night nurse, Cork",
                },
                {
                    "text": "Handover is paid, and it is never rushed. That tells you everything about the place.",
                    "by": "Tom Walsh",
                    "role": "Charge nurse",
                },
                {"text": "My rota for the summer was there in April.", "by": "Ada Okoye", "role": "Nurse, Limerick"},
            ],
        },
        {
            "type": "event",
            "title": "An evening on the ward",
            "starts": "2026-05-04T18:00",
            "ends": "2026-05-04T20:00",
            "place": "Lee Hospital, Quay Street",
            "text": "See where you would work, meet the team of the night, ask what you want.",
            "link": "/",
        },
        {
            "type": "faq",
            "title": "What people ask",
            "items": [
                {"question": "Can I work part-time?", "answer": "Yes, from two nights a week."},
                {"question": "Do you pay for training?", "answer": "Yes, and for the hours it takes."},
            ],
        },
        {"type": "map", "address": "1 Quay Street, Cork", "text": "Ten minutes from the station."},
        {"type": "form", "title": "Stay in touch", "fields": ["phone"], "button": "Keep me posted"},
        {"type": "share"},
    ],
}
JOINERS = {
    "slug": "tischler",
    "headline": "Holz, das bleibt",
    "intro": "Möbel für Jahrzehnte. Mit Leuten, die bleiben.",
    "language": "de",
    "brand": WORKSHOP,
    "blocks": [
        {
            "type": "hero",
            "title": "Holz, das bleibt",
            "text": "Möbel für Jahrzehnte, gebaut von Leuten, die bleiben. Vier Tage die Woche, Werkstatt am Wasser.",
        },
        {"type": "quote", "text": "Hier sieht man abends, was man am Tag getan hat.", "by": "Jule", "role": "Gesellin"},
        {"type": "jobs"},
        {"type": "form", "fields": ["resume"]},
    ],
}
ARABIC = {
    "slug": "layl",
    "headline": "ليالٍ لها معنى",
    "intro": "انضموا إلى من يسهرون على راحة مرضانا.",
    "language": "ar",
    "brand": CLINIC,
    "blocks": [
        {
            "type": "hero",
            "title": "ليالٍ لها معنى",
            "text": "انضموا إلى من يسهرون على راحة مرضانا: جدول ثابت، وتسليم مدفوع الأجر، وفريق يبقى.",
            "image": "sand",
            "alt": "تلال عند الغروب",
        },
        {
            "type": "text",
            "title": "ما نعدكم به",
            "body": "نخطط لستة أسابيع مقدمًا.\n\n- زميلان في كل جناح\n- تسليم مدفوع",
        },
        {"type": "jobs"},
        {"type": "people", "items": [{"text": "جئت لشتاء واحد وبقيت تسع سنوات.", "by": "مريم", "role": "ممرضة ليلية"}]},
        {"type": "form", "fields": ["phone"]},
    ],
}
PAGES = (NURSES, JOINERS, ARABIC)
_REST = {
    "id": "a0I000000000001AAA",
    "double_opt_in": True,
    "pool": "a0P000000000001AAA",
    "requisition": "",
    "version": 1,
}
_CONSENT = {
    "en": "We keep your details for two years and write to you at most twice a month.",
    "de": "Wir bewahren Ihre Angaben zwei Jahre auf und schreiben Ihnen höchstens zweimal im Monat.",
    "ar": "نحتفظ ببياناتكم سنتين ونكتب إليكم مرتين في الشهر على الأكثر.",
}
_COLOURS = {
    "sea": ((244, 190, 140), (86, 140, 150), (28, 88, 100), (8, 48, 58)),
    "sand": ((250, 210, 170), (196, 140, 180), (120, 70, 150), (60, 24, 96)),
}


def put(site, page):
    """Publishes it as the files that a published page is."""
    blocks = [completed(block) for block in page["blocks"]]
    for block in blocks:
        if block.get("image") in _COLOURS:
            file = f"{('0' if block['image'] == 'sea' else '1') * 32}.png"
            data = picture(480, 360, _COLOURS[block["image"]])
            site.app.site.write(snapshot.media(file), data, content_type="image/png")
            block |= {"image": f"/media/{file}", "image_size": [480, 360]}
    purposes = ["Talent community", "Newsletter", "Job alerts"]
    consent = {"text": _CONSENT[page["language"]], "version": f"{page['language']}-1", "purposes": purposes}
    whole = {**_REST, **page, "blocks": blocks, "consent": consent, "url": f"{site.url}/p/{page['slug']}"}
    site.put(snapshot.page(page["slug"]), {"version": 1})
    site.put(snapshot.page_version(page["slug"], 1), whole)
