"""Every path the org answers."""

from integration.local.org import describe, files, limits, oauth, query, rest
from integration.local.org.web import Router

ROUTER = Router()
_V = r"/services/data/v(?P<version>\d+\.\d)"

ROUTER.add("/services/oauth2/token", POST=oauth.token)
ROUTER.add("/services/oauth2/revoke", GET=oauth.revoke, POST=oauth.revoke)
ROUTER.add("/services/oauth2/userinfo", GET=oauth.userinfo, POST=oauth.userinfo)
ROUTER.add("/id/{organization}/{user}", GET=oauth.identity)
ROUTER.add("/services/data", GET=describe.versions)
ROUTER.add(_V, GET=describe.resources)
ROUTER.add(f"{_V}/limits", GET=limits.limits)
ROUTER.add(f"{_V}/limits/recordCount", GET=limits.record_count)
ROUTER.add(f"{_V}/query", GET=query.query)
ROUTER.add(f"{_V}/queryAll", GET=query.query_all)
ROUTER.add(f"{_V}/query/{{locator}}", GET=query.more)
ROUTER.add(f"{_V}/queryAll/{{locator}}", GET=query.more)
ROUTER.add(f"{_V}/sobjects", GET=describe.global_describe)
ROUTER.add(f"{_V}/sobjects/{{object_name}}", GET=describe.object_resource, POST=rest.create)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/describe", GET=describe.object_describe)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/{{record_id}}/VersionData", GET=files.content)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/(?i:Id)/{{record_id}}", GET=rest.read, PATCH=rest.change, DELETE=rest.remove)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/(?i:Id)", POST=rest.create)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/{{record_id}}", GET=rest.read, PATCH=rest.change, DELETE=rest.remove)
ROUTER.add(
    f"{_V}/sobjects/{{object_name}}/{{key_name}}/{{value}}",
    GET=rest.read_by_key,
    PATCH=rest.upsert,
    DELETE=rest.remove_by_key,
)
