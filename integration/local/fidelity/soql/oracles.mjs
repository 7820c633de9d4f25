// Reads one query a line as a JSON string; answers one line each: [accepted by apex-parser, accepted by soql-parser-js].
// Argument 1 is the folder whose node_modules hold both.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const require = createRequire(join(process.argv[2], 'index.js'));
const { ApexParserFactory, ApexErrorListener } = require('@apexdevtools/apex-parser');
const { isQueryValid } = require('@jetstreamapp/soql-parser-js');

class Refusal extends Error {}

class Listener extends ApexErrorListener {
    apexSyntaxError(line, column, message) {
        throw new Refusal(message);
    }
}

function apexAccepts(query) {
    const parser = ApexParserFactory.createParser(`[${query}]`);
    for (const part of [parser, parser.getTokenStream().tokenSource]) {
        part.removeErrorListeners();
        part.addErrorListener(new Listener());
    }
    try {
        const tree = parser.soqlLiteral();
        return tree.stop.stop === query.length + 1;
    } catch (refusal) {
        return false;
    }
}

function secondAccepts(query) {
    try {
        return isQueryValid(query);
    } catch (refusal) {
        return false;
    }
}

for await (const line of createInterface({ input: process.stdin })) {
    const query = JSON.parse(line);
    console.log(JSON.stringify([apexAccepts(query), secondAccepts(query)]));
}
