import { expect, test } from 'vitest';
import { commitOf, hunk } from './commit.test-helper.ts';
import { packageChanges, packagesNamed } from './packages.ts';

test.each([
  {
    path: 'package.json',
    lines: ['-    "express": "^4.18.2",', '+    "express": "^5.0.0",'],
    change: ['express', '^4.18.2', '^5.0.0'],
  },
  {
    path: 'package-lock.json',
    lines: ['     "node_modules/@scope/pool": {', '-      "version": "1.2.3",', '+      "version": "2.0.0",'],
    change: ['@scope/pool', '1.2.3', '2.0.0'],
  },
  {
    path: 'go.mod',
    lines: ['-	google.golang.org/grpc v1.61.1', '+	google.golang.org/grpc v1.62.0'],
    change: ['google.golang.org/grpc', 'v1.61.1', 'v1.62.0'],
  },
  {
    path: 'requirements.txt',
    lines: ['-urllib3==1.26.18', '+urllib3==2.2.0'],
    change: ['urllib3', '1.26.18', '2.2.0'],
  },
  { path: 'Cargo.toml', lines: ['-serde = "1.0.100"', '+serde = "1.0.200"'], change: ['serde', '1.0.100', '1.0.200'] },
  {
    path: 'pom.xml',
    lines: [' <artifactId>jackson-databind</artifactId>', '-<version>2.15.0</version>', '+<version>2.17.0</version>'],
    change: ['jackson-databind', '2.15.0', '2.17.0'],
  },
  { path: 'Dockerfile', lines: ['-FROM node:20-slim', '+FROM node:24-slim'], change: ['node', '20-slim', '24-slim'] },
  { path: 'Gemfile.lock', lines: ['-    rack (2.2.8)', '+    rack (3.0.0)'], change: ['rack', '2.2.8', '3.0.0'] },
])('$path says what moved', ({ path, lines, change: [name, from, to] }) => {
  expect(packageChanges(commitOf(1, path, hunk(...lines)))).toEqual([{ name, from, to }]);
});

test.each([
  { path: 'pyproject.toml', lines: [' [project]', ' name = "shop"', '-version = "1.4.0"', '+version = "1.5.0"'] },
  { path: 'package.json', lines: ['   "name": "shop",', '-  "version": "1.4.0",', '+  "version": "1.5.0",'] },
  {
    path: 'pom.xml',
    lines: [
      ' <groupId>a</groupId>',
      ' <artifactId>shop</artifactId>',
      '-<version>1.4.0</version>',
      '+<version>1.5.0</version>',
    ],
  },
])('in $path the version of the program itself is no package', ({ path, lines }) => {
  expect(packageChanges(commitOf(1, path, hunk(...lines)))).toEqual([]);
});

test('a dependency after the project of its own keeps its name', () => {
  const lines = [
    ' <modelVersion>4.0.0</modelVersion>',
    ' <artifactId>shop</artifactId>',
    ' <dependency>',
    ' <artifactId>pool</artifactId>',
    '-<version>1.0.0</version>',
    '+<version>2.0.0</version>',
  ];
  expect(packageChanges(commitOf(1, 'pom.xml', hunk(...lines)))).toEqual([
    { name: 'pool', from: '1.0.0', to: '2.0.0' },
  ]);
});

test('the same lines in a file that lists no packages are none', () => {
  expect(packageChanges(commitOf(1, 'src/a.json5', hunk('-"express": "^4.18.2"', '+"express": "^5.0.0"')))).toEqual([]);
});

test.each([
  { says: 'by its name', text: 'Error: express: path-to-regexp failed', isNamed: true },
  { says: 'in the path of a library frame', text: '/app/node_modules/express/lib/router.js', isNamed: true },
  { says: 'only as part of another word', text: 'expressions are not supported', isNamed: false },
  { says: 'not at all', text: 'ECONNREFUSED', isNamed: false },
])('a package is named $says: $isNamed', ({ text, isNamed }) => {
  const changes = [{ name: 'express', from: '4', to: '5' }];
  expect(packagesNamed(changes, [text])).toEqual(isNamed ? changes : []);
});
