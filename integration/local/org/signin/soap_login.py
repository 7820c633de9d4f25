"""The SOAP API's `login` and `logout`, partner and enterprise; every other call of it is refused.

Clients read these answers with regular expressions and by unprefixed tag names, so the text is written as a real org
writes it, not as a library would.
"""

import sys
from xml.sax.saxutils import escape

from lxml import etree

from integration.local.org.signin.users import ORGANIZATION_NAME, User
from integration.local.org.web import Call, Reply

MOST_BYTES = 65_536
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_NAMESPACES = {"u": "urn:partner.soap.sforce.com", "c": "urn:enterprise.soap.sforce.com"}
_SESSION_SECONDS = 7_200


class _Fault(Exception):
    """The answer of a call that is refused."""

    def __init__(self, code: str, message: str, kind: str = "ApiFault") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.kind = kind


def answer(call: Call, api: str) -> Reply:
    """POST /services/Soap/u/NN.0 or /services/Soap/c/NN.0"""
    namespace = _NAMESPACES[api]
    try:
        operation = _operation(call.body, namespace)
        name = etree.QName(operation).localname
        if name == "login":
            body = _login(call, operation, api)
        elif name == "logout":
            body = _logout(call, operation, namespace)
        else:
            print(f"warmbench org: 500 {call.path}: SOAP call {name} is not implemented", file=sys.stderr)
            raise _Fault("FUNCTIONALITY_NOT_ENABLED", f"The embedded org does not implement the SOAP call {name}")
    except _Fault as fault:
        return _reply(500, _fault(fault, namespace), namespace)
    return _reply(200, body, namespace)


def _operation(body: bytes, namespace: str) -> "etree._Element":
    """The first element of the body; nothing outside the document is read and no entity is expanded."""
    if len(body) > MOST_BYTES:
        raise _Fault("EXCEEDED_MAX_SIZE_REQUEST", f"The request has more than {MOST_BYTES} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        envelope = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _Fault("UNKNOWN_EXCEPTION", f"The request cannot be read as XML: {error}") from error
    if envelope.getroottree().docinfo.doctype:
        raise _Fault("UNKNOWN_EXCEPTION", "A SOAP request must not have a document type")
    found = envelope.find(f"{{{_SOAP}}}Body/*")
    if found is None or etree.QName(found).namespace != namespace:
        raise _Fault("UNKNOWN_EXCEPTION", f"The envelope has no call of {namespace} in its body")
    return found


def _login(call: Call, operation: "etree._Element", api: str) -> str:
    space = _NAMESPACES[api]
    given = {name: operation.findtext(f"{{{space}}}{name}") or "" for name in ("username", "password")}
    if not call.org.passwords.user_id(given["username"], given["password"]):
        text = "Invalid username, password, security token; or user locked out."
        raise _Fault("INVALID_LOGIN", text, "LoginFault")
    org, user = call.org, call.org.user(given["username"])
    fields = {
        "metadataServerUrl": f"{org.url}/services/Soap/m/{call.version}/{org.id[:15]}",
        "passwordExpired": "false",
        "sandbox": "true",
        "serverUrl": f"{org.url}/services/Soap/{api}/{call.version}/{org.id[:15]}",
        "sessionId": org.issue_token(user.username),
        "userId": user.id,
    }
    told = "".join(_element(name, text) for name, text in fields.items())
    return f"<loginResponse><result>{told}<userInfo>{_user_info(call, user)}</userInfo></result></loginResponse>"


def _user_info(call: Call, user: User) -> str:
    fields = {
        "accessibilityMode": "false",
        "organizationId": call.org.id,
        "organizationMultiCurrency": "false",
        "organizationName": ORGANIZATION_NAME,
        "sessionSecondsValid": str(_SESSION_SECONDS),
        "userEmail": user.email,
        "userFullName": user.name,
        "userId": user.id,
        "userLanguage": "en_US",
        "userLocale": "en_IE",
        "userName": user.username,
        "userTimeZone": user.time_zone,
        "userType": "Standard",
        "userUiSkin": "Theme3",
    }
    return "".join(_element(name, text) for name, text in fields.items())


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _logout(call: Call, operation: "etree._Element", namespace: str) -> str:
    envelope = operation.getroottree().getroot()
    token = envelope.findtext(f"{{{_SOAP}}}Header/{{{namespace}}}SessionHeader/{{{namespace}}}sessionId") or ""
    if call.org.sessions.user_of(token) is None:
        text = "Invalid Session ID found in SessionHeader: Illegal Session. Session not found"
        raise _Fault("INVALID_SESSION_ID", text, "UnexpectedErrorFault")
    call.org.expire_token(token)
    return "<logoutResponse/>"


def _fault(fault: _Fault, namespace: str) -> str:
    code, message = escape(fault.code), escape(fault.message)
    detail = (
        f'<sf:{fault.kind} xsi:type="sf:{fault.kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage></sf:{fault.kind}>"
    )
    said = f"<faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring>"
    return f"<soapenv:Fault>{said}<detail>{detail}</detail></soapenv:Fault>"


def _reply(status: int, body: str, namespace: str) -> Reply:
    spaces = {
        "soapenv": _SOAP,
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "sf": f"urn:fault.{namespace.removeprefix('urn:')}",
    }
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    envelope = (
        f'<soapenv:Envelope {declared} xmlns="{namespace}"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    )
    return Reply(
        status, f'<?xml version="1.0" encoding="UTF-8"?>{envelope}', {"Content-Type": "text/xml;charset=UTF-8"}
    )
