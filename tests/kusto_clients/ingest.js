// SPDX-License-Identifier: Apache-2.0
// Ingestion through azure-kusto-ingest, Microsoft's own client: queued files and streams, streaming, managed
// streaming. Arguments: the endpoint's address, a folder to write files in.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { Readable } = require('node:stream');
const { Client, KustoConnectionStringBuilder } = require('azure-kusto-data');
const { BlobDescriptor, IngestClient, IngestionProperties, ManagedStreamingIngestClient, StreamingIngestClient, DataFormat,
  IngestionMappingKind, ReportLevel, ReportMethod, IngestStatusQueues } = require('azure-kusto-ingest');
const { run } = require('./checks');

const [, , address, folder] = process.argv;
const connection = () => new KustoConnectionStringBuilder(address);
const client = new Client(connection());

const command = (text) => client.execute('sluice', text);
const rowsOf = async (query) => (await client.execute('sluice', query)).primaryResults[0]._rows;
const stream = (text) => Readable.from([Buffer.from(text)]);
const properties = (table, more = {}) => new IngestionProperties({ database: 'sluice', table, ...more });

/// Waits until the table has that many rows.
async function rowsAppear(table, count) {
  for (let i = 0; i < 200; i += 1) {
    const [[found]] = await rowsOf(`${table} | count`);
    if (found >= count) {
      assert.equal(found, count);
      return;
    }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  assert.fail(`${table} did not get ${count} rows`);
}

const columns = '(b: bool, i: int, l: long, r: real, c: decimal, s: string, d: datetime, t: timespan, g: guid, y: dynamic)';
const everyType = '{"b":true,"i":-2147483648,"l":-42,"r":0.1,"c":"12345678901234567890.123","s":"ä€😀\\n\\"",' +
  '"d":"9999-12-31T23:59:59.9999999Z","t":"-1.02:03:04.0000001","g":"74BE27DE-1E4E-49D9-B579-FE0B331D3642",' +
  '"y":{"a":[1,null,"x"],"b":{"c":1.5}}}';
const everyValue = [true, -2147483648, -42, 0.1, '12345678901234567890.123', 'ä€😀\n"', '9999-12-31T23:59:59.9999999Z',
  '-1.02:03:04.0000001', '74be27de-1e4e-49d9-b579-fe0b331d3642', { a: [1, null, 'x'], b: { c: 1.5 } }];
const noValue = [null, null, null, null, null, '', null, null, null, null];

const checks = {
  'streaming: a value of every type comes back as it went': async () => {
    await command(`.create-merge table Streamed ${columns}`);
    const streaming = new StreamingIngestClient(connection());
    await streaming.ingestFromStream(stream(`${everyType}\n{}\n`),
      properties('Streamed', { format: DataFormat.JSON }));
    assert.deepEqual(await rowsOf('Streamed | sort by l desc'), [everyValue, noValue]);
  },
  'streaming: a blob of the endpoint by its address, and none of elsewhere': async () => {
    await command('.create table FromBlob (n: long)');
    const lent = (await command('.get ingestion resources')).primaryResults[0]._rows;
    const [, container] = lent.find(([kind]) => kind === 'TempStorage');
    const blob = container.replace('?', '/numbers.json?');
    const body = zlib.gzipSync('{"n":1}\n{"n":2}\n');
    const put = await fetch(blob, { method: 'PUT', body, headers: { 'x-ms-blob-type': 'BlockBlob' } });
    assert.equal(put.status, 201);
    await client.executeStreamingIngest('sluice', 'FromBlob', undefined, DataFormat.JSON, null, blob);
    assert.deepEqual(await rowsOf('FromBlob | sort by n asc'), [[1], [2]]);
    for (const other of ['http://127.0.0.1:1/x', 'file:///etc/passwd',
      `${address}/sluiceaccount/tempstorage/..%2Ffacts`]) {
      await assert.rejects(
        client.executeStreamingIngest('sluice', 'FromBlob', undefined, DataFormat.JSON, null, other),
        (error) => error.response.data.error.code === 'Download_SourceNotFound');
    }
    assert.deepEqual(await rowsOf('FromBlob | count'), [[2]]);
  },
  'streaming: what is no number, and the greatest long': async () => {
    await command('.create table Extremes (r: real, l: long)');
    const streaming = new StreamingIngestClient(connection());
    await streaming.ingestFromStream(stream('{"r":"NaN","l":9223372036854775807}'),
      properties('Extremes', { format: DataFormat.MULTIJSON }));
    assert.deepEqual(await rowsOf('Extremes | project r, tostring(l)'), [['NaN', '9223372036854775807']]);
  },
  'a mapping by name takes paths apart': async () => {
    await command('.create table Mapped (id: string, first: long, all: dynamic)');
    await command('.create-or-alter table Mapped ingestion json mapping "m" \'[{"column":"id","path":"$.a.id"},' +
      '{"column":"first","Properties":{"Path":"$.list[0]"}},{"column":"all","Properties":{"Path":"$"}}]\'');
    const streaming = new StreamingIngestClient(connection());
    await streaming.ingestFromStream(stream('{"a":{"id":"x"},"list":[7,8]}'), properties('Mapped',
      { format: DataFormat.JSON, ingestionMappingReference: 'm', ingestionMappingKind: IngestionMappingKind.JSON }));
    assert.deepEqual(await rowsOf('Mapped'), [['x', 7, { a: { id: 'x' }, list: [7, 8] }]]);
  },
  'a mapping that is not there is refused for good': async () => {
    const streaming = new StreamingIngestClient(connection());
    await assert.rejects(streaming.ingestFromStream(stream('{}'), properties('Mapped',
      { format: DataFormat.JSON, ingestionMappingReference: 'none', ingestionMappingKind: IngestionMappingKind.JSON })));
  },
  'managed streaming': async () => {
    await command('.create table Managed (x: long)');
    const managed = new ManagedStreamingIngestClient(connection(), connection());
    await managed.ingestFromStream(stream('{"x":1}\n{"x":2}\n'), properties('Managed', { format: DataFormat.JSON }));
    await rowsAppear('Managed', 2);
  },
  'queued: a file, compressed on its way': async () => {
    await command(`.create table Queued ${columns}`);
    const file = path.join(folder, 'rows.json');
    fs.writeFileSync(file, `${everyType}\n{}\n`);
    const queued = new IngestClient(connection());
    await queued.ingestFromFile(file, properties('Queued', { format: DataFormat.JSON, flushImmediately: true }));
    await rowsAppear('Queued', 2);
    assert.deepEqual(await rowsOf('Queued | sort by l desc'), [everyValue, noValue]);
  },
  'queued: a stream of CSV with a header, in blocks': async () => {
    await command('.create table Lines (x: long, s: string)');
    const queued = new IngestClient(connection());
    const lines = Array.from({ length: 50000 }, (_, i) => `${i},"line ${i}, with ""quotes"" and\nan end"`).join('\n');
    await queued.ingestFromStream(stream(`x,s\n${lines}\n`),
      properties('Lines', { format: DataFormat.CSV, ignoreFirstRecord: true }));
    await rowsAppear('Lines', 50000);
    assert.deepEqual(await rowsOf('Lines | where x == 49999'), [[49999, 'line 49999, with "quotes" and\nan end']]);
  },
  'queued: what has a tag that is there is not stored again': async () => {
    await command('.create table Once (x: long)');
    const queued = new IngestClient(connection());
    const once = { format: DataFormat.JSON, ingestByTags: ['batch-1'], ingestIfNotExists: '["batch-1"]' };
    for (let i = 0; i < 3; i += 1) {
      await queued.ingestFromStream(stream('{"x":1}'), properties('Once', once));
    }
    await queued.ingestFromStream(stream('{"x":2}'), properties('Once', { format: DataFormat.JSON }));
    await rowsAppear('Once', 2);
    assert.deepEqual(await rowsOf('Once | sort by x asc'), [[1], [2]]);
  },
  'queued: a blob of our own container, read as a managed identity that a policy allows': async () => {
    const queued = new IngestClient(connection());
    const blob = new URL('/sluiceaccount/staging/own.json', address).href;
    const put = await fetch(blob, { method: 'PUT', body: '{"x":7}', headers: { authorization: 'Bearer ours' } });
    assert.equal(put.status, 201);
    await command('.alter-merge database sluice policy managed_identity \'[{"ObjectId":"system","AllowedUsages":"NativeIngestion"}]\'');
    await command('.create table Owned (x: long)');
    await queued.ingestFromBlob(new BlobDescriptor(`${blob};managed_identity=system`, 7),
      properties('Owned', { format: DataFormat.JSON }));
    await rowsAppear('Owned', 1);
    assert.deepEqual(await rowsOf('Owned'), [[7]]);
  },
  'a result is stored, had in pages, and forgotten': async () => {
    await command('.set stored_query_result Kept with (previewCount = 2, expiresAfter = 1h) <| range n from 1 to 9 step 1');
    assert.deepEqual(await rowsOf('stored_query_result("Kept") | where n between (4 .. 6) | sort by n asc'), [[4], [5], [6]]);
    await command('.drop stored_query_result Kept');
    await assert.rejects(rowsOf('stored_query_result("Kept")'));
  },
  'queued: success and failure are told': async () => {
    const queued = new IngestClient(connection());
    const told = { format: DataFormat.JSON, reportLevel: ReportLevel.FailuresAndSuccesses, reportMethod: ReportMethod.Queue };
    await queued.ingestFromStream(stream('{"x":3}'), properties('Once', told));
    await queued.ingestFromStream(stream('{"x":3}'), properties('Nowhere', told));
    const queues = new IngestStatusQueues(queued);
    for (let i = 0; i < 200 && (await queues.failure.isEmpty() || await queues.success.isEmpty()); i += 1) {
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    const [failure] = await queues.failure.pop(1);
    const [success] = await queues.success.pop(1);
    assert.equal(failure.ErrorCode, 'BadRequest_TableNotExist');
    assert.equal(failure.Table, 'Nowhere');
    assert.equal(success.Table, 'Once');
  },
  'audit records are known again by their ids': async () => {
    const record = '{"Id":"11111111-0000-4000-8000-000000000001","OrganizationId":"22222222-0000-4000-8000-000000000001",' +
      '"RecordType":40,"CreationTime":"2026-07-13T16:32:35","Operation":"AlertTriggered","Workload":"Unheard","Extra":{"a":1}}';
    const streaming = new StreamingIngestClient(connection());
    for (let i = 0; i < 2; i += 1) {
      await streaming.ingestFromStream(stream(record), properties('AuditRecords', { format: DataFormat.MULTIJSON }));
    }
    assert.deepEqual(await rowsOf('AuditRecords | project RecordType, Operation, AdditionalFields'),
      [[40, 'AlertTriggered', { Extra: { a: 1 } }]]);
  },
};

run(checks);
