import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialect as mysql } from '../mysql/dialect.ts';
import { dialect as postgresql } from '../postgresql/dialect.ts';
import { dialect as sqlServer } from '../sql-server/dialect.ts';
import type { Dialect, SqlClient } from './dialect.ts';
import { checkReading, checkReadOnly } from './reading.ts';

const all = { postgresql, mysql, sqlServer } as const;

function check(title: string, dialect: Dialect, text: string, refusal: RegExp | undefined): void {
  test(title, () => {
    if (refusal) assert.throws(() => checkReading(dialect, text), (error: Error & { code: string }) => error.code === 'CONFIG_INVALID' && refusal.test(error.message));
    else checkReading(dialect, text);
  });
}

const several = /behind a semicolon/;

describe('a query is one statement', () => {
  for (const [name, dialect] of Object.entries(all)) {
    check(`${name}: another behind it`, dialect, 'select 1 a; rollback; begin read write; create table t (i int); commit; select 1', several);
    check(`${name}: behind a comment`, dialect, 'select 1 /* ; */; commit', several);
    check(`${name}: behind quotation marks`, dialect, "select 'it''s'; commit", several);
    check(`${name}: nothing behind it but a comment`, dialect, 'select 1; /* the end; */ -- really;', undefined);
    check(`${name}: within quotation marks and comments`, dialect, 'select \'a;b\', ";x", 2 /* ; */ -- ;\n + 1', undefined);
    check(`${name}: none before it`, dialect, ';with a as (select 1) select * from a', undefined);
  }
  check('PostgreSQL: within dollar quotes', postgresql, 'select $a$ ; $$ ; $a$', undefined);
  check('PostgreSQL: behind dollar quotes', postgresql, 'select $$ ; $$; commit', several);
  check('PostgreSQL: a comment within a comment', postgresql, "select 1 /* /* */ ' */; commit --'", several);
  check('PostgreSQL: a comment ends with a carriage return', postgresql, 'select 1 -- x\r; commit', several);
  check('PostgreSQL: a backslash means nothing', postgresql, "select '\\'; commit --'", several);
  check('SQL Server: a comment within a comment', sqlServer, "select 1 /* /* */ ' */; commit --'", several);
  check('SQL Server: within brackets', sqlServer, 'select 1 as [a;b]', undefined);
  check('MySQL: a comment ends with its first end', mysql, 'select 1 /* /* */; commit', several);
  check('MySQL: two signs are no comment', mysql, 'select 1 --1; commit', several);
});

describe('a query does not write', () => {
  for (const [name, dialect] of Object.entries(all)) check(`${name}: behind a comment`, dialect, '/* x */ drop table t', /begins with drop/);
  check('SQL Server: the end of the transaction, without a semicolon', sqlServer, 'select 1 as a commit insert into t values (1) begin transaction', /says commit\./);
  check('SQL Server: another end of it', sqlServer, 'select 1 as a ROLLBACK TRAN', /says ROLLBACK\./);
  check('SQL Server: another transaction', sqlServer, 'select 1 as a begin/* */tran', /says begin\s+tran\./);
  check('SQL Server: a text that is run', sqlServer, "select 1 as a exec ('commit')", /says exec\s*\(\./);
  check('SQL Server: a variable that is run', sqlServer, 'select 1 as a execute(@text)', /says execute\(\./);
  check('SQL Server: a text that a procedure runs', sqlServer, "exec sys.sp_executesql N'commit'", /says sp_executesql\./);
  check('SQL Server: a procedure that runs a text, in brackets', sqlServer, "select 1 as a exec [sp_executesql] N'commit insert into t values (1) begin tran'", /says \[sp_executesql\]\./);
  check('SQL Server: and in quotation marks', sqlServer, "select 1 as a exec sys.\"SP_ExecuteSQL\" N'commit'", /says "SP_ExecuteSQL"\./);
  check('SQL Server: a procedure that a variable names', sqlServer, "declare @p sysname = 'sp_executesql' exec @p N'commit'", /says exec @p\./);
  check('SQL Server: one whose result is kept', sqlServer, "declare @p sysname = 'sp_executesql', @rc int execute @rc = @p N'commit'", /says execute @rc = @p\./);
  check('SQL Server: a text that is prepared', sqlServer, "declare @h int exec sp_prepexec @h output, N'', N'commit'", /says sp_prepexec\./);
  check('SQL Server: a command of the system', sqlServer, "exec master..xp_cmdshell 'dir'", /says xp_cmdshell\./);
  check('SQL Server: a procedure whose result is kept', sqlServer, 'declare @rc int exec @rc = report @day = @rc exec @rc=[dbo].[report]', undefined);
  check('SQL Server: the same words as names and texts', sqlServer, "declare @commit int = 1 select [commit], 'rollback', @commit, commit_date, #commit.a from #commit exec report begin select 2 end", undefined);
  check('MySQL: a file of the server', mysql, "select 'y' into outfile '/tmp/x'", /into outfile/);
  check('MySQL: and its dump', mysql, "select 'y' INTO/**/\nDumpFile '/tmp/x'", /INTO\s+DumpFile/);
  check('MySQL: hidden by two signs', mysql, "select 1 --1 into outfile '/tmp/x'", /into outfile/);
  check('MySQL: in a comment that is run', mysql, "select 1 /*!50000 into outfile '/tmp/x' */", /comment/);
  check('MySQL: in a comment that MariaDB runs', mysql, 'select 1 /*M! + 1 */', /comment/);
  check('MySQL: as a text', mysql, "select 'into outfile /*! x */', `into outfile` /*+ a hint */", undefined);
});

describe('MySQL: of an instance that is read only a query begins with a word that reads', () => {
  const cases: Readonly<Record<string, boolean>> = {
    'select 1': true, '/* a */ (select 1)': true, 'with a as (select 1) select * from a': true, 'show tables': true, 'explain select 1': true,
    commit: false, 'start transaction read write': false, "set session transaction read write": false, "set statement sql_mode = '' for select 1": false, 'call p()': false, "execute immediate 'commit'": false, 'begin not atomic select 1': false, 'load data infile \'x\' into table t': false,
  };
  for (const [text, isRead] of Object.entries(cases)) test(text, () => {
    const asked = (isReadOnly: boolean) => () => checkReadOnly(mysql, { isReadOnly } as SqlClient, text);
    asked(false)();
    if (isRead) asked(true)();
    else assert.throws(asked(true), { code: 'CONFIG_INVALID' });
  });
});
