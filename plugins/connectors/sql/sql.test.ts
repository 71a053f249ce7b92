import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type BoundText } from '../../sdk/index.ts';
import { dialect as mysql } from '../mysql/dialect.ts';
import { mysqlFailure } from '../mysql/failures.ts';
import { dialect as postgresql } from '../postgresql/dialect.ts';
import { postgresFailure } from '../postgresql/failures.ts';
import { dialect as sqlServer } from '../sql-server/dialect.ts';
import { sqlServerFailure } from '../sql-server/failures.ts';
import type { Dialect, SqlClient } from './dialect.ts';
import { failureOfConnecting } from './failures.ts';
import { fill, inOrder, named, rowsOf, tableName } from './statement.ts';
import { writeAll } from './transaction.ts';
import { numberOf, timeOf, utcOf } from './values.ts';

const bound = (texts: readonly string[], ...values: readonly unknown[]): BoundText => ({ texts, values, names: values.map((_, index) => `n${index}`) });

describe('a statement is filled', () => {
  const cases: readonly (readonly [title: string, dialect: Dialect, given: BoundText, text: string, values: readonly unknown[]])[] = [
    ['without values', postgresql, bound(['select 1; \n']), 'select 1', []],
    ['numbered', postgresql, bound(['a = ', ' and b = ', ''], 1, null), 'a = $1 and b = $2', [1, null]],
    ['unnumbered', mysql, bound(['a = ', ' and b = ', ''], 1, undefined), 'a = ? and b = ?', [1, null]],
    ['a list as an array', postgresql, bound(['a = any(', ')'], [1, 2]), 'a = any($1)', [[1, 2]]],
    ['a list as values', mysql, bound(['a in (', ') and b = ', ''], [1, 2], 3), 'a in (?, ?) and b = ?', [1, 2, 3]],
    ['an empty list', mysql, bound(['a in (', ')'], []), 'a in (null)', []],
    ['behind closed quotation marks', postgresql, bound(["'it''s' || \"a\"\"b\" || $$ ' $$ || $t$ $$ ' $t$ /* ' */ -- '\n || ", ''], 'x'), "'it''s' || \"a\"\"b\" || $$ ' $$ || $t$ $$ ' $t$ /* ' */ -- '\n || $1", ['x']],
    ['behind a backslash', mysql, bound(["'it\\'s' + `a``b` # '\n + ", ''], 'x'), "'it\\'s' + `a``b` # '\n + ?", ['x']],
    ['a backslash that means nothing', postgresql, bound(["'\\' || ", ''], 'x'), "'\\' || $1", ['x']],
    ['behind a word that ends with E', postgresql, bound(["a like'\\' or b = ", ''], 'x'), "a like'\\' or b = $1", ['x']],
    ['behind brackets', sqlServer, bound(["select [it's], [a]]'b], [--] from t where a = ", ''], 'x'), "select [it's], [a]]'b], [--] from t where a = @p1", ['x']],
    ['behind a list of PostgreSQL', postgresql, bound(["array['[', ", ']'], 'x'), "array['[', $1]", ['x']],
    ['a backslash in E', postgresql, bound(["E'\\'' || ", ''], 'x'), "E'\\'' || $1", ['x']],
  ];
  for (const [title, dialect, given, text, values] of cases) test(title, () => {
    const filled = fill(dialect, given);
    assert.deepEqual([filled.text, filled.values], [text, values]);
  });
});

describe('a value within quotation marks or a comment is refused', () => {
  const cases: readonly (readonly [dialect: Dialect, before: string])[] = [[postgresql, "a = '"], [postgresql, 'a = "'], [postgresql, 'a -- '], [postgresql, 'a /* '], [postgresql, '$$ '], [postgresql, "$body$ ' "], [mysql, "'\\'"], [mysql, '`'], [mysql, '# '], [postgresql, "E'\\'"], [sqlServer, '['], [sqlServer, "[a]] '"], [sqlServer, "[it's] + '"]];
  for (const [dialect, before] of cases) test(before, () => assert.throws(() => fill(dialect, bound([before, "'"], 1)), { code: 'CONFIG_INVALID' }));
});

test('values are recorded with their names, those of a list each', () => {
  const filled = fill(mysql, bound(['a in (', ') and b = ', ''], [1, 2], 3));
  assert.deepEqual([named(filled), named(fill(mysql, bound(['a in (', ')'], [])))], [[{ n0: 1 }, { n0: 2 }, { n1: 3 }], []]);
  assert.deepEqual(named(inOrder(mysql, filled, 'id', 7)).at(-1), { id: 7 });
});

test('rows in the order of a key', () => {
  assert.deepEqual(inOrder(postgresql, { text: 'select 1 where a = $1', values: ['x'], names: ['a'] }, 'i"d', undefined), { names: ['a'], text: 'select * from (\nselect 1 where a = $1\n) as "page" order by "page"."i""d"', values: ['x'] });
  assert.deepEqual(inOrder(mysql, { text: 'select 1', values: [], names: [] }, 'id', 7), { names: ['id'], text: 'select * from (\nselect 1\n) as `page` where `page`.`id` > ? order by `page`.`id`', values: [7] });
});

test('names of tables', () => {
  assert.deepEqual([tableName('a', undefined), tableName('a.b', undefined), tableName('a.b', 'c'), tableName('a.b.c', undefined), tableName('.a', undefined)], [{ name: 'a' }, { schema: 'a', name: 'b' }, { schema: 'c', name: 'a.b' }, { schema: 'a', name: 'b.c' }, { name: '.a' }]);
  assert.equal(postgresql.quote('a"b'), '"a""b"');
  assert.equal(mysql.quote('a`b'), '`a``b`');
  for (const [dialect, name] of [[postgresql, 'a\0'], [postgresql, 'ü'.repeat(32)], [mysql, 'a\0'], [mysql, 'a '], [mysql, 'x'.repeat(65)]] as const) assert.throws(() => dialect.quote(name), { code: 'CONFIG_INVALID' });
});

describe('upserts', () => {
  const types: Readonly<Record<string, string>> = { bytes: 'varbinary', price: 'money' };
  const parts = (dialect: Dialect, columns: readonly string[], keys: readonly string[]) => ({ table: dialect.quote('t'), columns: columns.map(dialect.quote), keys: keys.map(dialect.quote), others: columns.filter((column) => !keys.includes(column)).map(dialect.quote), rows: rowsOf(dialect, 2, columns.map((name) => ({ name, type: types[name] ?? 'int' }))) });
  const cases: readonly (readonly [title: string, dialect: Dialect, columns: readonly string[], keys: readonly string[], text: string])[] = [
    ['PostgreSQL', postgresql, ['id', 'a'], ['id'], 'insert into "t" ("id", "a") values ($1, $2), ($3, $4) on conflict ("id") do update set "a" = excluded."a"'],
    ['PostgreSQL, keys alone', postgresql, ['id'], ['id'], 'insert into "t" ("id") values ($1), ($2) on conflict ("id") do nothing'],
    ['MySQL', mysql, ['x', 'y', 'a'], ['x', 'y'], 'insert into `t` (`x`, `y`, `a`) values (?, ?, ?), (?, ?, ?) on duplicate key update `x` = if(`x` <=> values(`x`) and `y` <=> values(`y`), `x`, exp(709999 + length(values(`x`)))), `a` = values(`a`)'],
    ['SQL Server', sqlServer, ['id', 'a]'], ['id'], 'merge into [t] with (holdlock) as target using (values (@p1, @p2), (@p3, @p4)) as source ([id], [a]]]) on (target.[id] = source.[id]) when matched then update set [a]]] = source.[a]]] when not matched then insert ([id], [a]]]) values (source.[id], source.[a]]]);'],
    ['SQL Server, what no text becomes by itself', sqlServer, ['id', 'bytes', 'price'], ['id'], 'merge into [t] with (holdlock) as target using (values (@p1, cast(@p2 as varbinary(max)), cast(@p3 as money)), (@p4, cast(@p5 as varbinary(max)), cast(@p6 as money))) as source ([id], [bytes], [price]) on (target.[id] = source.[id]) when matched then update set [bytes] = source.[bytes], [price] = source.[price] when not matched then insert ([id], [bytes], [price]) values (source.[id], source.[bytes], source.[price]);'],
    ['SQL Server, keys alone', sqlServer, ['id'], ['id'], 'merge into [t] with (holdlock) as target using (values (@p1), (@p2)) as source ([id]) on (target.[id] = source.[id]) when not matched then insert ([id]) values (source.[id]);'],
  ];
  for (const [title, dialect, columns, keys, text] of cases) test(title, () => assert.equal(dialect.upsert(parts(dialect, columns, keys)), text));
});

test('numbers are numbers where they are held exactly', () => {
  const cases = { 12: 12, '1.50': 1.5, '-0.10': -0.1, '9007199254740993': '9007199254740993', '12345678901234567890.5': '12345678901234567890.5', NaN: 'NaN', Infinity: 'Infinity', '1e+300': 1e300, '1e400': '1e400', '007': 7, '0.30000000000000004': 0.1 + 0.2 };
  for (const [text, wanted] of Object.entries(cases)) assert.equal(numberOf(text), wanted, text);
});

test('times', () => {
  assert.deepEqual(['2024-01-31 12:00:00+00', '2024-01-31 12:00:00.500+05:30', '2024-01-31 12:00:00', 'infinity', '2024-01-31 12:00:00 BC', '0000-00-00 00:00:00'].map((text) => timeOf(text)), ['2024-01-31T12:00:00Z', '2024-01-31T12:00:00.5+05:30', '2024-01-31T12:00:00', 'infinity', '2024-01-31 12:00:00 BC', '0000-00-00T00:00:00']);
  assert.deepEqual(['2024-01-31T12:00:00.5Z', '2024-01-31T12:00:00.123456+02:00', '2024-01-31 12:00', '2024-01-31T01:00-0300', 'yesterday', '2024-99-31T01:00+01'].map((text) => utcOf(text)), ['2024-01-31 12:00:00.5', '2024-01-31 10:00:00.123456', '2024-01-31 12:00:00', '2024-01-31 04:00:00', 'yesterday', '2024-99-31T01:00+01']);
});

describe('errors of drivers', () => {
  const cases: readonly (readonly [title: string, made: unknown, code: string | undefined])[] = [
    ['a refused connection', postgresFailure(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })), 'REMOTE_UNREACHABLE'],
    ['several addresses', postgresFailure(Object.assign(new AggregateError([Object.assign(new Error('x'), { code: 'ENETUNREACH' })]), {})), 'REMOTE_UNREACHABLE'],
    ['a lost connection', postgresFailure(new Error('Connection terminated unexpectedly')), 'REMOTE_UNREACHABLE'],
    ['no TLS', postgresFailure(new Error('The server does not support SSL connections')), 'CONFIG_INVALID'],
    ['a time limit of connecting', postgresFailure(new Error('timeout expired')), 'REMOTE_TIMEOUT'],
    ['a password', postgresFailure(Object.assign(new Error('x'), { code: '28P01' })), 'AUTH_REJECTED'],
    ['a right', postgresFailure(Object.assign(new Error('x'), { code: '42501' })), 'AUTH_REJECTED'],
    ['a unique index', postgresFailure(Object.assign(new Error('x'), { code: '23505' })), 'REMOTE_REJECTED'],
    ['a deadlock', postgresFailure(Object.assign(new Error('x'), { code: '40P01' })), 'REMOTE_STATUS'],
    ['a shutdown', postgresFailure(Object.assign(new Error('x'), { code: '57P01' })), 'REMOTE_UNREACHABLE'],
    ['a statement that takes too long', postgresFailure(Object.assign(new Error('x'), { code: '57014' })), 'REMOTE_TIMEOUT'],
    ['a syntax error', postgresFailure(Object.assign(new Error('x'), { code: '42601' })), 'CONFIG_INVALID'],
    ['a bug', postgresFailure(new TypeError('x is not a function')), undefined],
    ['MySQL: a lost connection', mysqlFailure(Object.assign(new Error('x'), { code: 'PROTOCOL_CONNECTION_LOST' })), 'REMOTE_UNREACHABLE'],
    ['MySQL: a password', mysqlFailure(Object.assign(new Error('x'), { errno: 1045, sqlState: '28000' })), 'AUTH_REJECTED'],
    ['MySQL: a deadlock', mysqlFailure(Object.assign(new Error('x'), { errno: 1213, sqlState: '40001' })), 'REMOTE_STATUS'],
    ['MySQL: a signal', mysqlFailure(Object.assign(new Error('x'), { errno: 9999, sqlState: '45000' })), 'REMOTE_REJECTED'],
    ['MySQL: a syntax error', mysqlFailure(Object.assign(new Error('x'), { errno: 1064, sqlState: '42000' })), 'CONFIG_INVALID'],
    ['MySQL: a file of the system', mysqlFailure(Object.assign(new Error("Can't create/write to file '/x' (Errcode: 13)"), { errno: 1, sqlState: 'HY000' })), 'REMOTE_REJECTED'],
    ['MySQL: collations that do not mix', mysqlFailure(Object.assign(new Error('x'), { errno: 1267, sqlState: 'HY000' })), 'CONFIG_INVALID'],
    ['MySQL: a number that is not known', mysqlFailure(Object.assign(new Error('x'), { errno: 4999, sqlState: 'HY000' })), 'REMOTE_REJECTED'],
    ['PostgreSQL: a state of a function', postgresFailure(Object.assign(new Error('x'), { code: 'XY123', severity: 'ERROR' })), 'REMOTE_REJECTED'],
    ['PostgreSQL: one that looks like the system', postgresFailure(Object.assign(new Error('x'), { code: 'ERROR', severity: 'ERROR' })), 'REMOTE_REJECTED'],
    ['PostgreSQL: what it cannot do', postgresFailure(Object.assign(new Error('x'), { code: '0A000', severity: 'ERROR' })), 'CONFIG_INVALID'],
    ['MySQL: a bug', mysqlFailure(new TypeError('x is not a function')), undefined],
    ['SQL Server: a login', sqlServerFailure(Object.assign(new Error('Login failed'), { code: 'ELOGIN' })), 'AUTH_REJECTED'],
    ['SQL Server: nobody there', sqlServerFailure(Object.assign(new Error('Could not connect'), { code: 'ESOCKET' })), 'REMOTE_UNREACHABLE'],
    ['SQL Server: a unique index', sqlServerFailure(Object.assign(new Error('x'), { code: 'EREQUEST', number: 2627 })), 'REMOTE_REJECTED'],
    ['SQL Server: a time limit', sqlServerFailure(Object.assign(new Error('x'), { code: 'ETIMEOUT' })), 'REMOTE_TIMEOUT'],
    ['PostgreSQL: nobody knows whether the statement was completed', postgresFailure(Object.assign(new Error('x'), { code: '40003' })), 'REMOTE_UNREACHABLE'],
    ['SQL Server: thrown by a procedure', sqlServerFailure(Object.assign(new Error('x'), { code: 'EREQUEST', number: 50_001 })), 'REMOTE_REJECTED'],
    ['SQL Server: a database that is not there', sqlServerFailure(Object.assign(new Error('Login failed.'), { code: 'ELOGIN' }), [{ number: 4060, message: 'Cannot open database.' }, { number: 18_456, message: 'Login failed.' }]), 'CONFIG_INVALID'],
    ['SQL Server: a password', sqlServerFailure(Object.assign(new Error('Login failed.'), { code: 'ELOGIN' }), [{ number: 18_456, message: 'Login failed.' }]), 'AUTH_REJECTED'],
    ['SQL Server: no TLS', sqlServerFailure(Object.assign(new Error('x'), { code: 'EENCRYPT' })), 'CONFIG_INVALID'],
    ['SQL Server: the first of several errors', sqlServerFailure(Object.assign(new Error('The transaction ended in the trigger.'), { code: 'EREQUEST', number: 3609, precedingErrors: [Object.assign(new Error('x'), { number: 547 })] })), 'REMOTE_REJECTED'],
    ['Babelfish: a value', sqlServerFailure(Object.assign(new Error('invalid input syntax for type integer: "x"'), { code: 'EREQUEST', number: 33_557_097 })), 'REMOTE_REJECTED'],
    ['Babelfish: a statement', sqlServerFailure(Object.assign(new Error('column "x" does not exist'), { code: 'EREQUEST', number: 33_557_097 })), 'CONFIG_INVALID'],
    ['SQL Server: a syntax error', sqlServerFailure(Object.assign(new Error('x'), { code: 'EREQUEST', number: 102 })), 'CONFIG_INVALID'],
  ];
  for (const [title, made, code] of cases) test(title, () => assert.equal(FlowError.is(made) ? made.code : undefined, code));

  test('SQL Server: what to do about a column that it numbers', () => assert.match((sqlServerFailure(Object.assign(new Error('x'), { number: 544 })) as FlowError).remedy, /IDENTITY/));

  const prevented = (option: string, errno = 1290): string => (mysqlFailure(Object.assign(new Error(`The MariaDB server is running with the --${option} option so it cannot execute this statement`), { errno, sqlState: 'HY000' })) as FlowError).remedy;
  test('MySQL: what an option of the server prevents is told from what a read-only one does', () => {
    assert.match(prevented('secure-file-priv'), /^Do without it in the statement, or let .* change that option of the server\.$/);
    for (const option of ['read-only', 'super-read-only', 'innodb-read-only']) assert.match(prevented(option), /^The server itself is read only/);
    assert.match(prevented('x', 1792), /endpoint "execute"/);
  });

  test('no TLS is told with host and port, and what to set', () => {
    for (const made of [mysqlFailure(Object.assign(new Error('Server does not support secure connection'), { code: 'HANDSHAKE_NO_SSL_SUPPORT' })), postgresFailure(new Error('The server does not support SSL connections'))]) {
      const { message, remedy } = failureOfConnecting(made, { host: 'db.test', port: 3307 }, 'it') as FlowError;
      assert.match(message, /^db\.test:3307: (?:The s|S)erver does not support /);
      assert.match(remedy, /`tls`/);
    }
  });

  test('SQL Server: nobody there is said as the system says it', () => assert.equal(
    sqlServerFailure(Object.assign(new Error('Failed to connect to a:1 - Could not connect (sequence)'), { code: 'ESOCKET', originalError: { cause: new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')]) } })).message,
    'Failed to connect to a:1 - connect ECONNREFUSED 127.0.0.1:1.',
  ));

  test('MySQL: a refused login keeps its end where what stands behind the word "password" is masked', () => {
    const refused = (word: string): string => mysqlFailure(Object.assign(new Error(`Access denied for user 'a'@'b' (using password: ${word})`), { errno: 1045, sqlState: '28000' })).message;
    assert.deepEqual([refused('YES'), refused('NO')].map((text) => /\(with[^)]*\)/.exec(text)?.[0]), ['(with a password)', '(without a password)']);
  });
});

describe('items are written in one transaction', () => {
  /** Items that are negative are refused, those below -9 with the end of the transaction; `passing`: so often the commit fails for the time being. */
  async function check(items: readonly number[], { passing = 0, isWhole = false, fatal = NaN }: { readonly passing?: number; readonly isWhole?: boolean; readonly fatal?: number } = {}): Promise<{ readonly log: readonly string[]; readonly outcome: unknown }> {
    const log: string[] = [];
    let left = passing;
    let alive = 0;
    const client = { run: async ({ text }: { readonly text: string }) => {
      if (text === 'alive') return { rows: [{ alive }], affected: 0 };
      log.push(text);
      if (text === 'begin') alive = 1;
      if (text === 'back' && alive === 0) throw new FlowError('CONFIG_INVALID', 'There is no transaction.');
      if (text === 'commit' && left-- > 0) throw new FlowError('REMOTE_STATUS', 'A deadlock.', { details: { isPassing: true } });
      return { rows: [], affected: 0 };
    } } as unknown as SqlClient;
    const outcome = await writeAll(client, { ...postgresql, save: 'save', release: 'release', rollbackToSave: 'back', alive: 'alive' }, items, async (some) => {
      log.push(some.join(' '));
      if (some.includes(fatal)) throw new FlowError('REMOTE_UNREACHABLE', 'Gone.');
      if (some.some((item) => item < -9)) alive = 0;
      if (some.some((item) => item < 0)) throw new FlowError('REMOTE_REJECTED', 'Refused.');
      return some;
    }, { isWhole }).then(({ results, refused }) => ({ written: results.flat(), refused: refused.map(({ index }) => index) }), (error: FlowError) => (error.code === 'REMOTE_REJECTED' ? error.message : error.code));
    return { log, outcome };
  }
  test('at once', async () => assert.deepEqual(await check([1, 2]), { log: ['begin', '1 2', 'commit'], outcome: { written: [1, 2], refused: [] } }));
  test('none', async () => assert.deepEqual(await check([]), { log: [], outcome: { written: [], refused: [] } }));
  test('by halves where one is at fault', async () => assert.deepEqual(await check([1, -2, 3, 4]), {
    log: ['begin', '1 -2 3 4', 'rollback', 'begin', 'save', '1 -2', 'back', 'release', 'save', '1', 'release', 'save', '-2', 'back', 'release', 'save', '3 4', 'release', 'commit'], outcome: { written: [1, 3, 4], refused: [1] },
  }));
  test('a single one', async () => assert.deepEqual(await check([-1]), { log: ['begin', '-1', 'rollback'], outcome: { written: [], refused: [0] } }));
  test('all or nothing: the one that is refused is looked for, and named', async () => assert.deepEqual(await check([1, 2, -3, -4], { isWhole: true }), {
    log: ['begin', '1 2 -3 -4', 'rollback', 'begin', 'save', '1 2', 'release', 'save', '-3 -4', 'back', 'release', 'save', '-3', 'rollback'], outcome: 'Record 3 of 4: Refused.',
  }));
  test('where one ends the transaction, those are looked for that do so alone, and the others are written', async () => assert.deepEqual(await check([1, -20, -3, 4]), {
    log: [
      'begin', '1 -20 -3 4', 'rollback', 'begin', 'save', '1 -20', 'rollback',
      ...['1 -20 -3 4', '1 -20', '1', '-20', '-3 4', '-3', '4'].flatMap((tried) => ['begin', tried, 'rollback']),
      'begin', 'save', '1', 'release', 'save', '-3 4', 'back', 'release', 'save', '-3', 'back', 'release', 'save', '4', 'release', 'commit',
    ],
    outcome: { written: [1, 4], refused: [2, 1] },
  }));
  test('where one ends the transaction, all or nothing', async () => assert.equal((await check([1, 2, -20, 4], { isWhole: true })).outcome, 'Record 3 of 4: Refused.'));
  test('where all end the transaction', async () => assert.deepEqual((await check([-20, -30])).outcome, { written: [], refused: [0, 1] }));
  test('all or nothing, of one', async () => assert.deepEqual(await check([-1], { isWhole: true }), { log: ['begin', '-1', 'rollback'], outcome: 'Refused.' }));
  test('again after a deadlock', async () => assert.deepEqual(await check([1], { passing: 2 }), { log: ['begin', '1', 'commit', 'rollback', 'begin', '1', 'commit', 'rollback', 'begin', '1', 'commit'], outcome: { written: [1], refused: [] } }));
  test('but not for ever', async () => assert.equal((await check([1], { passing: 9 })).outcome, 'REMOTE_STATUS'));
  test('a connection that is broken before anything was written says so', async () => {
    const client = { run: async () => { throw new FlowError('REMOTE_UNREACHABLE', 'Gone.'); } } as unknown as SqlClient;
    await assert.rejects(writeAll(client, postgresql, [1], async () => 1), (error: FlowError) => error.code === 'REMOTE_UNREACHABLE' && error.details['isUnasked'] === true);
  });
  test('a fault of the system ends it', async () => assert.deepEqual(await check([1, -2, 3], { fatal: 3 }), { log: ['begin', '1 -2 3', 'rollback'], outcome: 'REMOTE_UNREACHABLE' }));
});
