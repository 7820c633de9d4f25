"""Every path the org answers."""

from integration.local.org import (
    admin,
    collections,
    composite,
    files,
    limits,
    missing,
    query,
    recent,
    relationships,
    replication,
    rest,
    search,
    tooling,
    tree,
)
from integration.local.org.bulk import ingest
from integration.local.org.bulk import query as bulk_query
from integration.local.org.deploying import rest as deploying
from integration.local.org.deploying import soap as metadata_api
from integration.local.org.describing import objects as describe
from integration.local.org.signin import identity, oauth, passwords, soap_login
from integration.local.org.web import Router

ROUTER = Router()
_V = r"/services/data/v(?P<version>\d+\.\d)"

ROUTER.add("/services/oauth2/token", POST=oauth.token)
ROUTER.add("/services/oauth2/revoke", GET=oauth.revoke, POST=oauth.revoke)
ROUTER.add("/services/oauth2/userinfo", GET=identity.userinfo, POST=identity.userinfo)
ROUTER.add("/id/{organization}/{user}", GET=identity.identity)
ROUTER.add(r"/services/Soap/(?P<api>[uc])/(?P<version>\d+\.\d)(?:/[^/]*)?", POST=soap_login.answer)
ROUTER.add("/services/data", GET=describe.versions)
ROUTER.add(r"/services/Soap/m/(?P<version>\d+\.\d)(?:/.*)?", POST=metadata_api.answer)
ROUTER.add(f"{_V}/metadata/deployRequest", POST=deploying.start)
ROUTER.add(f"{_V}/metadata/deployRequest/{{deployment_id}}", GET=deploying.read, PATCH=deploying.change)
ROUTER.add(f"{_V}/tooling/sobjects/SourceMember/describe", GET=deploying.source_member)
ROUTER.add(_V, GET=describe.resources)
ROUTER.add(f"{_V}/tooling", GET=tooling.resources)
ROUTER.add(f"{_V}/tooling/query", GET=tooling.query)
ROUTER.add(f"{_V}/tooling/runTestsAsynchronous", POST=tooling.run_tests)
ROUTER.add(f"{_V}/connect/communities", GET=tooling.communities)
for _path in missing.PATHS:
    ROUTER.add(f"{_V}/{_path}", GET=missing.refuse, POST=missing.refuse)
ROUTER.add(f"{_V}/limits", GET=limits.limits)
ROUTER.add(f"{_V}/limits/recordCount", GET=limits.record_count)
ROUTER.add(f"{_V}/query", GET=query.query)
ROUTER.add(f"{_V}/queryAll", GET=query.query_all)
ROUTER.add(f"{_V}/query/{{locator}}", GET=query.more)
ROUTER.add(f"{_V}/queryAll/{{locator}}", GET=query.more)
ROUTER.add(f"{_V}/search", GET=search.search)
ROUTER.add(f"{_V}/parameterizedSearch", GET=search.by_parameters, POST=search.by_parameters)
ROUTER.add(f"{_V}/recent", GET=recent.recent)
ROUTER.add(f"{_V}/sobjects", GET=describe.global_describe)
ROUTER.add(f"{_V}/sobjects/{{object_name}}", GET=describe.object_resource, POST=rest.create)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/describe", GET=describe.object_describe)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/updated", GET=replication.updated)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/deleted", GET=replication.deleted)
ROUTER.add(
    f"{_V}/sobjects/(?i:User)/{{user_id}}/password",
    GET=passwords.is_expired,
    POST=passwords.change,
    DELETE=passwords.reset,
)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/{{record_id}}/VersionData", GET=files.content)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/(?i:Id)/{{record_id}}", GET=rest.read, PATCH=rest.change, DELETE=rest.remove)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/(?i:Id)", POST=rest.create)
ROUTER.add(f"{_V}/sobjects/{{object_name}}/{{record_id}}", GET=rest.read, PATCH=rest.change, DELETE=rest.remove)
ROUTER.add(
    f"{_V}/sobjects/{{object_name}}/{{key_name}}/{{value:rest}}",
    GET=relationships.read,
    PATCH=relationships.change,
    DELETE=relationships.remove,
)


ROUTER.add(f"{_V}/composite", POST=composite.composite)
ROUTER.add(f"{_V}/composite/batch", POST=composite.batch)
ROUTER.add(f"{_V}/composite/tree/{{object_name}}", POST=tree.create)
ROUTER.add(
    f"{_V}/composite/sobjects",
    POST=collections.create,
    PATCH=collections.update,
    DELETE=collections.remove,
)
ROUTER.add(f"{_V}/composite/sobjects/{{object_name}}", GET=collections.read, POST=collections.read)
ROUTER.add(f"{_V}/composite/sobjects/{{object_name}}/{{key_name}}", PATCH=collections.upsert)

ROUTER.add(f"{_V}/jobs/ingest", GET=ingest.listed, POST=ingest.create)
ROUTER.add(f"{_V}/jobs/ingest/{{job_id}}", GET=ingest.read, PATCH=ingest.change, DELETE=ingest.remove)
ROUTER.add(f"{_V}/jobs/ingest/{{job_id}}/batches", PUT=ingest.upload)
ROUTER.add(f"{_V}/jobs/ingest/{{job_id}}/(?i:successfulResults)", GET=ingest.successful)
ROUTER.add(f"{_V}/jobs/ingest/{{job_id}}/(?i:failedResults)", GET=ingest.failed)
ROUTER.add(f"{_V}/jobs/ingest/{{job_id}}/(?i:unprocessedrecords)", GET=ingest.unprocessed)
ROUTER.add(f"{_V}/jobs/query", GET=bulk_query.listed, POST=bulk_query.create)
ROUTER.add(f"{_V}/jobs/query/{{job_id}}", GET=bulk_query.read, PATCH=bulk_query.change, DELETE=bulk_query.remove)
ROUTER.add(f"{_V}/jobs/query/{{job_id}}/results", GET=bulk_query.results)

ROUTER.add("/warmbench/events", GET=admin.events)
ROUTER.add("/warmbench/clock", POST=admin.clock)
ROUTER.add("/warmbench/stats", GET=admin.stats, POST=admin.stats)
ROUTER.add("/warmbench/faults", GET=admin.faults, POST=admin.faults, DELETE=admin.faults)
ROUTER.add("/warmbench/health", GET=admin.health)
