import Foundation
import Testing

@testable import Kernel

@Suite struct DecodingErrorTests {
  private struct Content: Decodable {
    enum Kind: String, Decodable { case real, made }
    struct Part: Decodable {
      var count: Int
      var share: Double
      var name: String
      var isNew: Bool
      var kind: Kind
    }
    var parts: [Part]
  }

  private func fault(_ part: String) -> String? {
    do {
      _ = try JSONDecoder().decode(Content.self, from: Data(part.utf8))
      return nil
    } catch { return (error as? DecodingError)?.fault }
  }

  private func part(_ change: (inout [String: String]) -> Void) -> String {
    var fields = [
      "count": "1", "share": "0.5", "name": "\"a\"", "isNew": "true", "kind": "\"real\"",
    ]
    change(&fields)
    return "{\"parts\": [{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}]}"
  }

  @Test func placeAndFaultAreNamed() {
    #expect(fault(part { _ in }) == nil)
    #expect(fault(part { $0["name"] = nil }) == "'parts[0].name' is missing")
    #expect(fault(part { $0["count"] = "\"2\"" }) == "'parts[0].count' is not a whole number")
    #expect(fault(part { $0["share"] = "[1]" }) == "'parts[0].share' is not a number")
    #expect(fault(part { $0["name"] = "3" }) == "'parts[0].name' is not text")
    #expect(fault(part { $0["isNew"] = "null" }) == "'parts[0].isNew' is not true or false")
    #expect(fault(part { $0["kind"] = "\"x\"" })?.hasPrefix("'parts[0].kind': ") == true)
    #expect(fault("{\"parts\": 3}") == "'parts' is not a list")
    #expect(fault("{\"parts\": [4]}") == "'parts[0]' is not an object")
    #expect(fault("[]") == "it is not an object")
    #expect(fault("{\"parts\"") == "it is not JSON")
    #expect(fault("") == "it is not JSON")
  }
}
