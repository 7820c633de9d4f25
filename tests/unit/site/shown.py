"""How tests read what the public sees of a posting: feed, sitemap, page, JSON-LD."""

import json
import xml.etree.ElementTree as ET


def entries(visitor, channel="indeed"):
    root = ET.fromstring(visitor.get(f"/feeds/{channel}.xml").data)
    return [{element.tag: element.text or "" for element in job} for job in root.findall("job")]


def surfaces(visitor, reference):
    """Where a posting shows: feed, sitemap, page, JSON-LD."""
    page = visitor.get(f"/jobs/{reference}")
    return {
        "feed": any(entry["referencenumber"].startswith(reference) for entry in entries(visitor)),
        "sitemap": f"/jobs/{reference}<" in visitor.get("/sitemap.xml").text,
        "page": page.status,
        "json_ld": "application/ld+json" in page.text,
    }


def json_ld(page):
    return json.loads(page.text.split('<script type="application/ld+json">')[1].split("</script>")[0])


OPEN = {"feed": True, "sitemap": True, "page": 200, "json_ld": True}
GONE = {"feed": False, "sitemap": False, "page": 410, "json_ld": False}
