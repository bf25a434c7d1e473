// SPDX-License-Identifier: Apache-2.0
//
// usage: node validate.js FILE...
//
// Holds every document against Kubernetes' own schema of its kind. A schema says nothing of keys that it does not know,
// such as misspelt ones: those are the ones that it was never seen to read.
const fs = require('fs');
const models = require('kubernetes-models');
const yaml = require('yaml');

const modelOf = (document) => {
  const [group, version] = document.apiVersion.includes('/') ? document.apiVersion.split('/') : [null, document.apiVersion];
  const path = group === null ? version : `${group}/${version}`;
  return require(`kubernetes-models/${path}`)[document.kind];
};

// The value, noting in `read` the paths of keys that somebody looks at.
const watched = (value, path, read) =>
  value === null || typeof value !== 'object' ? value : new Proxy(value, {
    get: (target, key) => {
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return target[key];
      read.add(`${path}/${key}`);
      return watched(target[key], `${path}/${key}`, read);
    },
  });

const pathsOf = (value, path) =>
  value === null || typeof value !== 'object' ? [] :
    Object.entries(value).flatMap(([key, below]) => [`${path}/${key}`, ...pathsOf(below, `${path}/${key}`)]);

let wrong = 0;
const complain = (text) => {
  console.error(text);
  wrong = 1;
};
for (const file of process.argv.slice(2)) {
  for (const document of yaml.parseAllDocuments(fs.readFileSync(file, 'utf8')).map((parsed) => parsed.toJS())) {
    const name = `${file}: ${document.kind} ${document.metadata?.name}`;
    const Model = modelOf(document);
    if (Model === undefined) {
      complain(`${name}: Kubernetes knows no such kind in ${document.apiVersion}`);
      continue;
    }
    const read = new Set();
    try {
      Model.prototype.validate.call(watched(document, '', read));
    } catch (error) {
      complain(`${name}: ${error.message}`);
      continue;
    }
    for (const path of pathsOf(document, '')) {
      if (!read.has(path)) complain(`${name}: Kubernetes does not know ${path}`);
    }
    console.log(`${name}: ok`);
  }
}
process.exit(wrong);
