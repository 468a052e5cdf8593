// SPDX-License-Identifier: Apache-2.0
// Queries and commands through azure-kusto-data, Microsoft's own client. Argument: the endpoint's address.
'use strict';
const assert = require('node:assert/strict');
const { Client, ClientRequestProperties, KustoConnectionStringBuilder } = require('azure-kusto-data');
const { run } = require('./checks');

const client = new Client(new KustoConnectionStringBuilder(process.argv[2]));

/// The first row of a query as it came, for values that this language cannot hold.
async function rawRow(text, properties) {
  const answer = await client.executeQuery('sluice', text, properties);
  return answer.primaryResults[0]._rows[0];
}

async function row(text, properties) {
  const answer = await client.executeQuery('sluice', text, properties);
  const [first] = answer.primaryResults[0].rows();
  return first;
}

const checks = {
  'a value of every type comes as it is': async () => {
    const values = await rawRow(`print b = true, i = int(-2147483648), l = 42, r = 0.1, s = "ä€😀\\n\\"",
      d = datetime(9999-12-31 23:59:59.9999999), t = -1d - 2h - 3m - 4s - 1tick,
      g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), y = dynamic({"a": [1, null, "x"], "b": {"c": 1.5}})`);
    assert.deepEqual(values, [true, -2147483648, 42, 0.1, 'ä€😀\n"', '9999-12-31T23:59:59.9999999Z',
      '-1.02:03:04.0000001', '74be27de-1e4e-49d9-b579-fe0b331d3642', { a: [1, null, 'x'], b: { c: 1.5 } }]);
  },
  'nulls are null, and a string has none': async () => {
    const values = await rawRow('print bool(null), int(null), long(null), real(null), datetime(null), timespan(null), ' +
      'guid(null), dynamic(null), ""');
    assert.deepEqual(values, [null, null, null, null, null, null, null, null, '']);
  },
  'what is no number comes as text': async () => {
    assert.deepEqual(await rawRow('print real(nan), real(+inf), real(-inf)'), ['NaN', 'Infinity', '-Infinity']);
  },
  'datetimes and timespans are objects of the client': async () => {
    const first = await row('print d = datetime(2026-07-13 16:32:35.1234567), t = 1h + 30m');
    assert.equal(first.d.toISOString(), '2026-07-13T16:32:35.123Z');
    assert.equal(first.t, 5400000);
  },
  'parameters of every type': async () => {
    const properties = new ClientRequestProperties();
    properties.setParameter('n', 7);
    properties.setParameter('s', "o'brien | take 1");
    properties.setParameter('d', new Date('2026-07-13T00:00:00Z'));
    properties.setParameter('y', 'dynamic(["x"])');
    const first = await row('declare query_parameters(n: long, s: string, d: datetime, y: dynamic); ' +
      'print n = n + 1, s = s, d = d, y = tostring(y[0])', properties);
    assert.equal(first.n, 8);
    assert.equal(first.s, "o'brien | take 1");
    assert.equal(first.d.toISOString(), '2026-07-13T00:00:00.000Z');
    assert.equal(first.y, 'x');
  },
  'the first protocol gives the same rows': async () => {
    const answer = await client.executeQueryV1('sluice', 'range x from 1 to 3 step 1');
    assert.deepEqual([...answer.primaryResults[0].rows()].map((r) => r.x), [1, 2, 3]);
  },
  'ten thousand rows come whole': async () => {
    const answer = await client.executeQuery('sluice', 'range x from 1 to 10000 step 1 | extend s = tostring(x)');
    assert.equal(answer.primaryResults[0]._rows.length, 10000);
    assert.equal(answer.primaryResults[0]._rows[9999][1], '10000');
  },
  'a mistake is refused for good, with its place': async () => {
    await assert.rejects(client.executeQuery('sluice', 'AuditRecords | where Nothing == 1'), (error) => {
      const told = error.response.data.error;
      assert.match(told['@message'], /Semantic error[^]*Nothing/);
      assert.equal(told['@permanent'], true);
      return true;
    });
  },
  'too many rows are a partial failure': async () => {
    const properties = new ClientRequestProperties();
    properties.setOption('truncationmaxrecords', 5);
    await assert.rejects(client.executeQuery('sluice', 'range x from 1 to 10 step 1', properties));
  },
  'notruncation gives them all': async () => {
    const properties = new ClientRequestProperties();
    properties.setOption('notruncation', true);
    const answer = await client.executeQuery('sluice', 'range x from 1 to 10 step 1', properties);
    assert.equal(answer.primaryResults[0]._rows.length, 10);
  },
  'a query that takes too long is given up': async () => {
    const properties = new ClientRequestProperties();
    properties.setTimeout(1000);
    await assert.rejects(client.executeQuery('sluice', 'range x from 1 to 1000000 step 1 | extend k = 1 ' +
      '| join kind=inner (range y from 1 to 1000000 step 1 | extend k = 1) on k | count', properties),
    (error) => error.response.status === 504);
  },
  'another database is not there': async () => {
    await assert.rejects(client.executeQuery('elsewhere', 'print 1'), (error) =>
      error.response.data.error.code === 'BadRequest_DatabaseNotExist');
  },
  'commands that tools call first': async () => {
    for (const [command, column] of [['.show version', 'BuildVersion'], ['.show databases', 'DatabaseName'],
      ['.show databases schema', 'ColumnType'], ['.show tables', 'TableName'], ['.show cluster', 'Name'],
      ['.show table AuditRecords cslschema', 'Schema'], ['.show schema as json', 'DatabaseSchema'],
      ['.show database sluice schema as json', 'DatabaseSchema'],
      [".show databases (['sluice']) schema as json", 'DatabaseSchema']]) {
      const answer = await client.execute('NetDefaultDB', command);
      const [first] = answer.primaryResults[0].rows();
      assert.ok(column in first.toJSON(), command);
    }
  },
  'the schema names the types of both worlds': async () => {
    const answer = await client.execute('sluice', '.show table AuditRecords schema as json');
    const [first] = answer.primaryResults[0].rows();
    const columns = JSON.parse(first.Schema).OrderedColumns;
    assert.deepEqual(columns.find((c) => c.Name === 'CreationTime'),
      { Name: 'CreationTime', Type: 'System.DateTime', CslType: 'datetime' });
  },
  'a query may follow a command': async () => {
    const answer = await client.execute('sluice', '.show tables | where TableName == "Cases" | project TableName');
    assert.equal([...answer.primaryResults[0].rows()].length, 1);
  },
  'an unknown command is refused as a syntax error': async () => {
    await assert.rejects(client.execute('sluice', '.drop everything'), (error) =>
      error.response.data.error.code === 'BadRequest_SyntaxError');
  },
};

run(checks);
