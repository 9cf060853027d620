/** Words of small slips: guards, conversions, units, bounds, fields, columns. */
import type { WordRule } from './word-rules.ts';

const CONVERTS =
  /\b(?:Number|String|BigInt|Boolean|parseInt|parseFloat|int|str|float|bool|Decimal|round|list|tuple|dict|bytes|Long\.parse\w*|Integer\.parse\w*|BigDecimal|toString|valueOf|intValue|longValue|toFixed|Math\.\w+|isoformat|timestamp|strftime|strptime|toISOString|toJSON|getTime|encodeURIComponent|decodeURIComponent|quote|unquote|encode|decode|strconv\.\w+|JSON\.(?:parse|stringify)|json\.(?:loads|dumps)|trunc|floor|ceil|toLowerCase|toUpperCase|lower|upper|trim|strip|split|padStart|slice|substring|randomUUID|randomBytes|uuid4?|nanoid|toLocale\w*|toEpoch\w*|ofPattern|copyOf|ofEpoch\w*|toInstant|to_string|normalize)\b/;
const TYPES = /\b(?:long|int|short|byte|double|float|Integer|Long|int32|int64|uint\d*|float32|float64|BigDecimal|Decimal|BIGINT|INT|SMALLINT|NUMERIC|TEXT|VARCHAR|string|number|boolean|bool|str|Date|Instant)\b/;
const SQL_COLUMNS = /\b(?:SELECT|INSERT INTO|UPDATE|RETURNING|SET)\b|@Column|Column\(|@JoinColumn|@Table|mapped_column|Field\(|models\.\w+Field\(|db\.Column|createdAt|insertOne|updateOne|\$set|\.create\(\{|bson:"|gorm:"|db:"/;

export const CODE_WORDS: readonly WordRule[] = [
  { deed: 'guard-gone', value: 0.95, when: 'goes', is: /^\s*(?:\}\s*)?if\b.*\b(?:throw|return|raise|continue|break)\b|^\s*if\b.*(?:undefined|null|nil|None|isFinite|isNaN|len\(|\.length|size\(\)|isEmpty|err\b|!ok|not \w)|\bassert\b|requireNonNull|Number\.is\w+|isinstance\(/ },
  { deed: 'guard-gone', value: 0.95, when: 'goes', is: /^\s*(?:\}\s*)?(?:catch|except|rescue)\b|\brecover\(\)/ },
  { deed: 'guard-gone', value: 1, when: 'edited', is: /./, out: /\?\s?\.|\?\?|\|\||\borElse\w*\b|\bofNullable\b|\bgetOrDefault\b|\.get\b|^get\b|\bif\b.*\belse\b|\bok\b/, in: /^(?!.*\?\s?\.)/ },
  { deed: 'guard-gone', value: 0.9, when: 'edited', is: /\.get\(|\[/, out: /\bget\b/, in: /\[/ },
  { deed: 'type-changed', value: 0.9, when: 'edited', is: CONVERTS, out: CONVERTS },
  { deed: 'type-changed', value: 0.85, when: 'edited', is: CONVERTS, in: CONVERTS },
  { deed: 'type-changed', value: 0.9, when: 'edited', is: TYPES, out: TYPES, in: TYPES },
  { deed: 'type-changed', value: 0.85, when: 'edited', is: /\bvar\b|\bmake\b/, out: /\bmake\b/, in: /\bvar\b/ },
  { deed: 'type-changed', value: 0.9, when: 'edited', is: /new (?:ArrayList|HashMap|HashSet|LinkedList)|\[\.\.\.|\bcopy\(/, in: /copyOf|\bof\b|unmodifiable|asList|freeze|toList/ },
  { deed: 'form-changed', value: 0.85, when: 'edited', is: /(?:decode|encode|getBytes|charset|encoding|[fF]ormat|[pP]attern|strftime|strptime|toISOString|toLocale|isoformat|toString\()/, in: /['"`]|toLocale|timestamp|toString|UTF|ASCII|ISO/ },
  { deed: 'unit-changed', value: 0.95, when: 'edited', is: /\d/, out: /^(?:[()\s]*[*/]\s*)?[()\s]*(?:10|60|100|1000|1_000|1000\.0|100\.0|3600|86400|1024|1e3)[()\s]*$|[*/]\s+(?:10|60|100|1000|1_000|1024|3600|1e3)\b/ },
  { deed: 'unit-changed', value: 0.95, when: 'edited', is: /\d/, in: /[*/]\s+(?:10|60|100|1000|1_000|1024|3600|1e3)\b/ },
  { deed: 'unit-changed', value: 0.9, when: 'edited', is: /./, out: /\w*(?:[mM]illi(?:second)?s?|_ms|Ms|MS|MILLIS\w*|[cC]ents|CENTS)\b/, in: /\w*(?:[sS]econds?|_s|SECONDS?|[eE]uros?|[aA]mount|[dD]ollars?)\b/ },
  { deed: 'unit-changed', value: 0.9, when: 'edited', is: /./, out: /\w*(?:[sS]econds?|SECONDS?)\b/, in: /\w*(?:[mM]illi(?:second)?s?|_ms|Ms|MS|MILLIS\w*)\b/ },
  { deed: 'unit-changed', value: 0.95, when: 'edited', is: /\//, from: /\w\s*\/\/\s*\w/, to: /^(?!.*\w\s*\/\/\s*\w).*\w\s*\/\s*\w/, paths: /\.py$/ },
  { deed: 'bound-moved', value: 0.9, when: 'edited', is: /[<>]=?|&&|\|\||===?|!==?|\band\b|\bor\b|\bnot\b|\bequals\b|[+-]/, out: /^(?:[<>=!&|+\-*/%] ?){0,4}$|^\.? ?equals(?: \( \))?$|^(?:and|or|not)$/, in: /^(?:[<>=!&|+\-*/%] ?){0,4}$|^= =$|^(?:and|or|not)$/ },
  { deed: 'bound-moved', value: 0.9, when: 'edited', is: /\[[^\]]*\]|\.(?:at|get|charAt|slice|substring)\(|\bfor\b.*\d/, out: /^-?\s?\d{1,2}$|^first$|^last$/, in: /^[-+]?\s?\d{1,2}$|^first$|^last$/ },
  { deed: 'bound-moved', value: 0.85, when: 'edited', is: /\.equals\(|==/, out: /\bequals\b/, in: /=/ },
  { deed: 'bound-moved', value: 0.85, when: 'edited', is: /^\s*(?:\}?\s*(?:else )?if|while|return|elif|unless|&&|\|\||and|or|const|let|var)\b.*[<>=!]/, out: /[<>]=?|[=!]==?|\bnot\b|\bin\b/, in: /[<>]=?|[=!]==?|\bnot\b|\bin\b/ },
  { deed: 'bound-moved', value: 0.6, when: 'comes', is: /\b[A-Za-z_]\w*\[(?!["'\d:-])\w[\w. ]*(?:[-+] ?\d+)?\](?!\s*(?:=[^=]|:))/, where: 'function', unless: /\bfor\b|<\w+\[|: \w+\[|import|new \w+\[/ },
  { deed: 'type-changed', value: 0.65, when: 'comes', where: 'function', is: /\bJSON\.parse\(|(?<![\w.])(?:int|float|Decimal|BigInt|atob|btoa|decodeURIComponent)\(|fromisoformat\(|strptime\(|Integer\.parseInt\(|Long\.parseLong\(|UUID\.fromString\(|\.valueOf\(|new URL\(|(?:LocalDate|Instant|OffsetDateTime|ZonedDateTime|Duration)\.parse\(|time\.Parse\(|strconv\.\w+\(|new Date\(\w|json\.loads\(|next\(iter|\.iloc\[|\.getFirst\(\)|\.get\(0\)|\.orElseThrow\(/ },
  { deed: 'type-changed', value: 0.9, when: 'comes', is: /\((?:int|Integer|short|byte|float|char)\)\s*[\w(]|\.(?:int|short|byte|float)Value\(|toIntExact\(|\bu?int(?:8|16|32)\(|\bfloat32\(|>>> 0|\| 0\b/ },
  { deed: 'type-changed', value: 0.9, when: 'edited', is: /\bz\.\w+|\bv\.\w+\(|Joi\.|yup\.|Annotated|: (?:Mapped|Optional)\[|pydantic|Schema\./, out: /\w/, in: /\w/ },
  { deed: 'closes-early', value: 0.85, when: 'comes', where: 'function', is: /\bclosing\(|\b(?:connection|conn|client|pool|db|session|channel|socket|stream|agent|producer|transport|engine)\w*\.(?:close|end|destroy|disconnect|quit|shutdown|dispose|terminate)\(/i },
  { deed: 'closes-early', value: 0.85, when: 'edited', is: /closing\(|\.(?:close|end|destroy|disconnect|dispose)\(/, in: /\b(?:closing|close|end|destroy|disconnect|dispose)\b/ },
  { deed: 'not-waited', value: 0.85, when: 'comes', is: /^\s*void\s+[\w.]+\(/, unless: /\.catch\(/, paths: /\.[cm]?[jt]sx?$/ },
  { deed: 'not-waited', value: 1, when: 'edited', is: /\bawait\b/, out: /\bawait\b/, in: /^(?!.*\b(?:await|then|sleep)\b)/ },
  { deed: 'not-waited', value: 0.9, when: 'goes', is: /\.(?:join|Wait|await)\(\)|\bwg\.Wait|\.wait\(\)/ },
  { deed: 'field-gone', value: 0.9, when: 'goes', is: /^\s*["']?[a-zA-Z_]\w*["']?\s*:\s*[^{]*,$|^\s*[a-zA-Z_]\w*,$|^\s*[\w*.[\]]+\s+[\w*.[\]]+\s+`json:|@JsonProperty|^\s*(?:private|public)\s+(?:final\s+)?[\w<>]+\s+\w+;$|^\s*\w+\s*=\s*\w+\.\w+,$/ },
  { deed: 'field-gone', value: 0.95, when: 'edited', is: /^\s*["']?[a-zA-Z_]\w*["']?\s*[:=].*,?$|`json:|@JsonProperty|@SerializedName|Field\(alias/, out: /^['"`][\w ,:"`]+['"`]?$|^[a-zA-Z_]\w*$|json:/, in: /^['"`][\w ,:"`]+['"`]?$|^[a-zA-Z_]\w*$|json:/ , unless: /^\s*(?:const|let|var|final|return)\s|:=|==|\(.*\).*=>/ },
  { deed: 'field-gone', value: 0.8, when: 'edited', is: /['"][A-Za-z_]\w*['"]/, out: /^(?:.* )?'[A-Za-z_]\w*'(?: .*)?$/, in: /'[A-Za-z_]\w*'/ },
  { deed: 'field-gone', value: 0.95, when: 'comes', is: /@JsonIgnore|@Transient|json:"-"|exclude\s*=|omitempty|@Exclude|\[JsonIgnore\]|toJSON|\.omit\(|\.pick\(/ },
  { deed: 'field-gone', value: 0.9, when: 'edited', is: /^\s*(?:async\s+)?(?:def|func|function)\b|\b(?:public|private|protected)\b.*\(.*\{$|^\s*(?:export\s+)?(?:async\s+)?function\b/, in: /\w/, unless: /\bclass\b/ },
  { deed: 'type-changed', value: 0.85, when: 'edited', is: /^\s*for\b.*\b(?:in|of|:)\b/, out: /\b(?:list|copy|tuple|slice|Array|from|sorted|copyOf|ArrayList)\b/ },
  { deed: 'schema-stricter', value: 1, when: 'comes', is: /NOT NULL(?!.*\bDEFAULT\b)|\bUNIQUE\b|\bCHECK\s*\(|FOREIGN KEY|\bREFERENCES\b|nullable\s*=\s*False|SET NOT NULL|@NotNull|required:\s*true|unique:\s*true|additionalProperties["']?\s*:\s*false|bsonType|validator|addConstraint|EXCLUDE USING/i, kinds: ['migration'], unless: /CREATE TABLE|PRIMARY KEY/i },
  { deed: 'schema-stricter', value: 1, when: 'comes', is: /DROP\s+(?:COLUMN|TABLE|VIEW|DEFAULT|CONSTRAINT|TYPE)|RENAME\s+(?:COLUMN\s+\w+\s+)?TO|\bALTER COLUMN\b.*\bTYPE\b|MODIFY (?:COLUMN )?\w+|dropColumn|renameColumn|drop_column|rename_column|alter_column|RemoveField|RenameField|AlterField|removeColumn|changeColumn|renameTable|dropTable|ALTER TYPE|DROP TABLE/i },
  { deed: 'schema-stricter', value: 0.7, when: 'comes', is: /\b(?:DELETE FROM|TRUNCATE|UPDATE \w+ SET)\b/i, kinds: ['migration'] },
  { deed: 'columns-changed', value: 0.95, when: 'edited', is: SQL_COLUMNS },
  { deed: 'columns-changed', value: 0.9, when: 'comes', is: /@Column|\bColumn\(|mapped_column\(|models\.\w+Field\(|db\.Column|gorm:"|bson:"|^\s*["']?\w+["']?\s*:\s*\{\s*type:/ },
];
