package shop.ledger.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much JSON as we need: whole numbers are Long, others Double. */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.blanks();
    if (json.at != text.length() || !(value instanceof Map)) throw new HttpError(400, "the body is not a JSON object");
    return (Map<String, Object>) value;
  }

  private Object value() {
    blanks();
    if (at >= text.length()) throw malformed();
    char first = text.charAt(at);
    if (first == '{') return map();
    if (first == '[') return list();
    if (first == '"') return string();
    return literal();
  }

  private Map<String, Object> map() {
    Map<String, Object> found = new LinkedHashMap<>();
    at += 1;
    while (!ends('}')) {
      blanks();
      String name = string();
      expect(':');
      found.put(name, value());
      if (!ends('}', false)) expect(',');
    }
    return found;
  }

  private List<Object> list() {
    List<Object> found = new ArrayList<>();
    at += 1;
    while (!ends(']')) {
      found.add(value());
      if (!ends(']', false)) expect(',');
    }
    return found;
  }

  private boolean ends(char with) {
    return ends(with, true);
  }

  private boolean ends(char with, boolean take) {
    blanks();
    if (at >= text.length()) throw malformed();
    if (text.charAt(at) != with) return false;
    if (take) at += 1;
    return true;
  }

  private String string() {
    if (at >= text.length() || text.charAt(at) != '"') throw malformed();
    StringBuilder found = new StringBuilder();
    for (at += 1; at < text.length(); at += 1) {
      char c = text.charAt(at);
      if (c == '"') {
        at += 1;
        return found.toString();
      }
      if (c != '\\') {
        found.append(c);
        continue;
      }
      at += 1;
      if (at >= text.length()) throw malformed();
      char escaped = text.charAt(at);
      if (escaped == 'u' && at + 4 < text.length()) {
        found.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
        at += 4;
      } else {
        found.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
      }
    }
    throw malformed();
  }

  private Object literal() {
    int from = at;
    while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) at += 1;
    String word = text.substring(from, at);
    if (word.equals("true") || word.equals("false")) return Boolean.valueOf(word);
    if (word.equals("null")) return null;
    if (word.matches("-?[0-9]{1,18}")) return Long.valueOf(word);
    if (word.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) return Double.valueOf(word);
    throw malformed();
  }

  private void expect(char c) {
    blanks();
    if (at >= text.length() || text.charAt(at) != c) throw malformed();
    at += 1;
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) at += 1;
  }

  private HttpError malformed() {
    return new HttpError(400, "the body is not JSON at character " + at);
  }

  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      char before = '{';
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(before);
        quote(String.valueOf(entry.getKey()), out);
        out.append(':');
        write(entry.getValue(), out);
        before = ',';
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      char before = '[';
      for (Object one : list) {
        out.append(before);
        write(one, out);
        before = ',';
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String text) {
      quote(text, out);
    } else {
      out.append(value);
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }
}
