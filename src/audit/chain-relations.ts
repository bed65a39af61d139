import type { ClientBase } from 'pg';

/** The tables that the verifier reads, and the types of their columns, as `format_type` writes them. */
const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  audit_events: {
    id: 'text',
    org_id: 'text',
    at: 'timestamp(3) with time zone',
    actor_org_id: 'text',
    actor_user_id: 'text',
    actor_key_id: 'text',
    action: 'text',
    target_id: 'text',
    before: 'jsonb',
    after: 'jsonb',
    ip: 'text',
    user_agent: 'text',
    request_id: 'text',
  },
  audit_chain: { seq: 'bigint', event_id: 'text', hash: 'bytea' },
};

const names = Object.keys(tables)
  .map((name) => `'${name}'`)
  .join(', ');

const relations = `
  SELECT c.relname AS name, c.relkind = 'r' AS "isTable",
    c.relrowsecurity OR c.relforcerowsecurity AS "hasRowSecurity",
    EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid) AS "hasRules",
    EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
      AS "isInherited",
    (SELECT pg_catalog.json_object_agg(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod))
     FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
      AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relname IN (${names})
  ORDER BY c.relname`;

/** Objects below this number come with PostgreSQL (FirstNormalObjectId). */
const firstOwn = 16_384;

/** Functions and operators that the verifier's SQL calls and that somebody has replaced. */
const replaced = `
  SELECT 'function ' || p.oid::pg_catalog.regprocedure::text AS name
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
    AND p.proname IN ('trim_scale', 'extract', 'encode')
    AND (p.oid >= ${firstOwn} OR l.lanname <> 'internal')
  UNION ALL
  SELECT 'operator ' || o.oid::pg_catalog.regoperator::text
  FROM pg_catalog.pg_operator o
  WHERE o.oprnamespace = 'pg_catalog'::pg_catalog.regnamespace
    AND o.oprname IN ('*', '=') AND o.oid >= ${firstOwn}
  UNION ALL
  SELECT 'cast from ' || pg_catalog.format_type(k.castsource, NULL) || ' to text'
  FROM pg_catalog.pg_cast k
  WHERE k.oid >= ${firstOwn} AND k.casttarget = 'pg_catalog.text'::pg_catalog.regtype
    AND k.castsource IN ('jsonb'::pg_catalog.regtype, 'numeric'::pg_catalog.regtype)
  ORDER BY 1`;

interface Relation {
  name: string;
  isTable: boolean;
  hasRowSecurity: boolean;
  hasRules: boolean;
  isInherited: boolean;
  /** Stored columns, with their types. */
  columns: Record<string, string> | null;
}

function flawsOf(relation: Relation): string[] {
  const { name, isTable, hasRowSecurity, hasRules, isInherited, columns } = relation;
  if (!isTable) return [`public.${name} is no table: what it shows may differ from what is stored`];
  const flaws = [
    hasRules && 'has rules, which change what is read',
    hasRowSecurity && 'has row security, which hides rows',
    isInherited && 'shares rows with another table',
    ...Object.entries(tables[name] ?? {}).map(
      ([column, type]) =>
        columns?.[column] !== type && `has no stored column "${column}" of type ${type}`,
    ),
  ];
  return flaws.filter((flaw) => flaw !== false).map((flaw) => `public.${name} ${flaw}`);
}

/**
 * Whether the tables of the log are really tables, and only PostgreSQL's own functions read them. A
 * view, a rule or a function in their place could show one log to the verifier and another one to
 * everybody else.
 *
 * @returns what differs; a missing table is left to fail where it is read
 */
export async function relationFlaws(client: ClientBase): Promise<string[]> {
  const { rows: found } = await client.query<Relation>(relations);
  const { rows: others } = await client.query<{ name: string }>(replaced);
  return [
    ...found.flatMap(flawsOf),
    ...others.map(({ name }) => `the ${name} is not the one that comes with PostgreSQL`),
  ];
}
