"""One life of a worker process: takes commands and chunks off their queues until it is killed or nothing is left.

Every message is handed out twice. The process kills itself with SIGKILL around its n-th call over the network: the
call may have gone out without its answer being read (then the other side acts on it, perhaps after the next worker has
started), or its answer has come. Everything that happens between two calls is lost with the process alike.
"""

import http.client
import json
import os
import random
import signal

from integration import app as composition
from integration.adapters import aws
from integration.app import App
from integration.config import from_environment
from integration.ports import Queue
from lambdas import commands, import_file

HANDLERS = {Queue.COMMANDS: commands.handler, Queue.IMPORTS: import_file.handler}
MOST_FAULTS = 60


def start(fatal, seed):
    """The process id of a new worker that dies at its `fatal`-th call, never when that is 0."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        status = _live(fatal, random.Random(seed))
    finally:
        os._exit(status)


def _live(fatal, chance):
    for client in (aws.sqs(), aws.s3(), aws.dynamodb(), aws.ssm(), aws.secretsmanager()):
        client.close()  # these connections are the parent's
    _die_at(fatal, chance)
    app = App(from_environment())
    composition.current.cache_clear()
    composition.current = lambda: app
    commands.current = import_file.current = composition.current
    faults = 0
    while waiting := [(queue, message) for queue in HANDLERS for message in _waiting(app, queue)]:
        queue, message = chance.choice(waiting)
        if _failed(HANDLERS[queue], message):
            faults += 1
            if faults > MOST_FAULTS:
                return 3
            continue
        url = app.config.queue_urls[queue]
        if not message.get("MessageAttributes"):
            again = {"again": {"DataType": "String", "StringValue": "yes"}}
            aws.sqs().send_message(QueueUrl=url, MessageBody=message["Body"], MessageAttributes=again)
        aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return 0


def _waiting(app, queue):
    url = app.config.queue_urls[queue]
    asked = {"MaxNumberOfMessages": 10, "VisibilityTimeout": 0, "MessageAttributeNames": ["All"]}
    return aws.sqs().receive_message(QueueUrl=url, **asked).get("Messages", [])


def _failed(handler, message):
    record = {"messageId": message["MessageId"], "body": message["Body"]}
    return bool(handler({"Records": [record]}, None)["batchItemFailures"])


def _die_at(fatal, chance):
    answer, calls = http.client.HTTPConnection.getresponse, 0
    is_answered = chance.random() < 0.5

    def getresponse(connection, *given, **named):
        nonlocal calls
        calls += 1
        if calls == fatal and not is_answered:
            os.kill(os.getpid(), signal.SIGKILL)
        response = answer(connection, *given, **named)
        if calls == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return response

    http.client.HTTPConnection.getresponse = getresponse


def body(command_id):
    return json.dumps({"command_id": command_id})
