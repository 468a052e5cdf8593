// SPDX-License-Identifier: Apache-2.0
// Prints the rows of a query, one JSON array a line, as azure-kusto-data gets them. Arguments: the endpoint's
// address, the database, the query.
'use strict';
const { Client, KustoConnectionStringBuilder } = require('azure-kusto-data');

(async () => {
  const [url, database, text] = process.argv.slice(2);
  const answer = await new Client(new KustoConnectionStringBuilder(url)).executeQuery(database, text);
  for (const row of answer.primaryResults[0]._rows) {
    console.log(JSON.stringify(row));
  }
})();
