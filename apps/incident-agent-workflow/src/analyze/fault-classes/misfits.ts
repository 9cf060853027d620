/** What is read has not the form that it must have: how that is thrown, and where what was stored is read. */

/** Types of error by which what is read does not have the form that it must have. */
export const MISFITS =
  /^(?:ZodError|ValidationError|.*\.ValidationError|CastError|BSONError|SyntaxError|JsonException|JSON::ParserError|.*(?:MismatchedInput|JsonMapping|JsonParse|JsonSyntax|MalformedJson|UnrecognizedProperty|InvalidFormat|InvalidDefinition)Exception|.*DecodeError|ObjectParameterError|AjvError|ValiError)$/;
export const STORAGE_CODE =
  /(?:repositor|(?:^|[/_.-])(?:store|storage|dao|models?|entit(?:y|ies)|persistence|database|db|documents?|collections?|mapper)s?(?:[/_.-]|$))/i;
