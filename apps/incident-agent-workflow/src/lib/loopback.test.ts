import { expect, test } from 'vitest';
import { isLoopback, leadsToLoopback } from './loopback.ts';

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['127.0.0.1.example.com', false],
  ['0.0.0.0', false],
  ['::', false],
  ['localhost.example.com', false],
  ['', false],
])('the host %j means this machine itself: %j', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ['http://localhost:11434/v1', true],
  ['http://127.0.0.1/v1', true],
  ['http://[::1]:11434/v1', true],
  ['http://host.docker.internal:11434/v1', false],
  ['http://127.example.com/v1', false],
  ['https://api.example.com/?at=//localhost', false],
  ['off', false],
  ['', false],
])('the address %j leads to it: %j', (url, expected) => {
  expect(leadsToLoopback(url)).toBe(expected);
});
