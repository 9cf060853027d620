package shop.ledger.http;

public record Answer(int status, Object body) {}
