"""The product's sender as a process of its own: takes messages off the mail queue until it is killed."""

import json

from integration.adapters import aws
from integration.app import current
from integration.errors import TryAgain
from integration.ports import Queue
from integration.sending import send_chunk

app = current()
url = app.config.queue_urls[Queue.MAIL]
while True:
    for message in aws.sqs().receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", []):
        try:
            send_chunk(app, json.loads(message["Body"]), lambda: 8_000)
        except TryAgain:
            continue  # as the queue does: it comes again when its visibility is over
        aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
