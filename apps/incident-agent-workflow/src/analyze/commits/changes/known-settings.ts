/** What the settings of wide-spread servers, runtimes and meshes do. Knowledge of their manuals; none of any one system. */
import { shiftsOf } from '../quantities.ts';
import type { Deed } from './deeds.ts';
import { type Detector, done, isCode } from './reading.ts';

interface Known {
  readonly key: RegExp;
  /** What its value is from now on, or is no more; or which way its number went. */
  readonly to?: RegExp;
  readonly moved?: 'cut' | 'raised';
  /** In code such a name means the same. */
  readonly inCode?: true;
  readonly deeds: readonly Deed[];
}

const ON = /\b(?:on|true|yes|1|always|full|strict|enabled|require[ds]?)\b/i;
const OFF = /\b(?:off|false|no|0|none|never|disabled?)\b/i;

const KNOWN: readonly Known[] = [
  // What each write waits for.
  {
    key: /appendfsync|fsync|synchronous_commit|sync_binlog|flush_log_at_trx_commit|\backs\b|min\.insync\.replicas|write_?concern|\bw[=:]/i,
    to: /\b(?:always|on|all|majority|remote_apply|2|3|-1|1)\b/i,
    deeds: ['waits-for-another'],
  },
  {
    key: /autovacuum\b|auto_?compaction|autoanalyze|enable_\w*scan|query_cache|jit\b|parallel_query/i,
    to: OFF,
    deeds: ['query-slower', 'writes-files'],
  },
  {
    key: /random_page_cost|default_statistics_target|effective_cache_size|shared_buffers|innodb_buffer_pool_size|cache_size|vacuum_cost/i,
    moved: 'cut',
    deeds: ['query-slower'],
  },
  { key: /random_page_cost/i, moved: 'raised', deeds: ['query-slower'] },
  {
    key: /work_mem|sort_buffer|join_buffer|tmp_table_size|hash_mem|buffer_pool|innodb_buffer|shared_buffers|query_cache_size|direct_?memory|off_?heap/i,
    moved: 'raised',
    deeds: ['size-raised', 'memory-less'],
  },
  { key: /maxmemory-policy|eviction/i, to: /noeviction|none/i, deeds: ['memory-less', 'grows-for-good'] },
  {
    key: /metaspace|perm_?size|direct_?memory|code_?cache|ThreadStackSize|\bXss\b|new_?size|semi-space/i,
    moved: 'cut',
    deeds: ['memory-less'],
  },
  {
    key: /SerialGC|UseParallelGC|UseConcMarkSweepGC|\bXint\b|DisableExplicitGC/,
    to: /SerialGC|Xint/,
    deeds: ['waits-longer', 'works-more'],
  },
  {
    key: /UV_THREADPOOL_SIZE|GOMAXPROCS|ActiveProcessorCount|worker_processes|OMP_NUM_THREADS/i,
    moved: 'cut',
    deeds: ['pool-smaller', 'processor-less'],
  },
  {
    key: /max_?replicas|max_?instances|max_?size|desired_?(?:count|capacity)/i,
    moved: 'cut',
    deeds: ['fewer-instances'],
  },
  // Who is trusted.
  {
    key: /\bmode\b|mtls|peer_?authentication|ssl_?mode|tls_?mode|client_?auth|verify_client|ssl_verify/i,
    to: /STRICT|MUTUAL|verify-full|verify-ca|\brequire\b|\bneed\b/i,
    deeds: ['trusts-otherwise'],
  },
  {
    key: /auth_?method|endpoint_auth|auth_?type|authentication|auth_?scheme|grant_?type|sasl|mechanism|pg_hba|password_encryption|same_?site|pkce/i,
    inCode: true,
    deeds: ['authenticates-otherwise'],
  },
  // How what is sent is written down.
  {
    key: /serializer|deserializer|naming_?(?:policy|strategy)|property-?naming|compression[._-]?type|content-?type|message_?format|schema_?registry|converter|NamingPolicy|PropertyNamingStrateg/i,
    inCode: true,
    deeds: ['form-changed'],
  },
  { key: /auto[._-]?offset[._-]?reset/i, to: /earliest/i, deeds: ['asks-more-often', 'consumes-less'] },
  {
    key: /immediateFlush|neverBlock|discardingThreshold|AsyncAppender|access_log|buffer(?:ed|ing)\b/i,
    to: OFF,
    deeds: ['waits-longer', 'blocks-thread'],
  },
  {
    key: /keep_?alive|connection["']?\s*[:=]?\s*["']?close|http_version|reuse_?connection|pipelining|TCP_NODELAY|nodelay|disable_?keep/i,
    to: /\b(?:off|false|close|1\.0|0)\b/i,
    inCode: true,
    deeds: ['opens-per-call'],
  },
  {
    key: /mountPath|working_?dir|working_directory|volumes?\b|ExecStart|context:|dockerfile:|subPath/i,
    deeds: ['setting-gone'],
  },
  {
    key: /proxy_pass|rewrite|root\b|alias\b|base_?path|context_?path|root_?path|prefix|strip_?path|servlet\.path/i,
    deeds: ['path-changed'],
  },
  {
    key: /cidr|source_ranges|ingress|egress|from_port|to_port|policyTypes|security_groups?|allow(?:ed)?_?(?:ips?|hosts?|cidrs?)|whitelist|bind-address/i,
    deeds: ['cuts-way'],
  },
  { key: /debug|profil\w+|trace|sampling|sample_?rate/i, to: ON, deeds: ['logs-more', 'works-more'] },
];

/** The way in or out that was open, or that a rule closes from now on. */
const WAY_GONE =
  /^\s*(?:-\s*)?["']?(?:ingress|egress|from_port|cidr_blocks|source_ranges|security_groups|allow)\b|\bACCEPT\b|\baccept\b.*\bdport|-A INPUT.*ACCEPT/;
const WAY_CLOSED =
  /^\s*(?:-\s*)?["']?(?:egress|policyTypes)\b|\b(?:DROP|REJECT)\b|^\s*deny\s|\bdeny\b\s*[:=]?\s*all|default_action.*(?:deny|block)/i;

const WAYS = /\.(?:ya?ml|json|tf|hcl|conf|rules|nft|sh|cfg|xml|toml)$/;

const knownSettings: Detector = (file) => {
  if (file.kind === 'dependencies' || file.kind === 'migration') return [];
  return file.edits.flatMap(({ before, after, out, in: came }) => {
    if (out.length + came.length === 0) return [];
    const known = KNOWN.filter(
      ({ key, inCode }) =>
        (inCode === true || !isCode(file.path)) && key.test(keyOf(before.text)) && key.test(keyOf(after.text)),
    );
    return known
      .filter(({ to, moved }) => {
        if (to && (!to.test(came.join(' ')) || to.test(out.join(' ')))) return false;
        return moved === undefined || isMoved(before.text, after.text, moved);
      })
      .flatMap(({ deeds }) => deeds.map((deed) => done(deed, 0.95, file, after.line)));
  });
};

/** The name, without the value; the whole of a line that has no such form. */
function keyOf(text: string): string {
  return /^\s*-?\s*["']?([\w.:+-]+)["']?\s*(?:[:=]|\s)/.exec(text)?.[1] ?? text;
}

const FAR = Math.log(2.9);

function isMoved(before: string, after: string, moved: 'cut' | 'raised'): boolean {
  return shiftsOf([before], [after]).some(({ logRatio }) => (moved === 'cut' ? logRatio <= -FAR : logRatio >= FAR));
}

const ways: Detector = (file) => {
  if (!WAYS.test(file.path)) return [];
  const replaced = new Set(file.edits.map(({ before }) => before));
  const gone = file.gone.find((spot) => WAY_GONE.test(spot.text) && !replaced.has(spot));
  const closed = file.come.find(({ text }) => WAY_CLOSED.test(text));
  return [gone, closed].flatMap((spot) => (spot ? [done('cuts-way', 0.95, file, spot.line)] : []));
};

export const KNOWN_SETTINGS_DETECTORS: readonly Detector[] = [knownSettings, ways];
