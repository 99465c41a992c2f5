import Foundation
import Testing

@testable import TorchProcesses

@Suite struct ProcessMemberTests {
  @Test func textIsReadBack() {
    let this = ProcessMember.this
    let other = ProcessMember(this.text)
    #expect(other.pid == getpid() && other.host == this.host)
    #expect(this.description.contains("pid \(getpid())"))
    #expect(ProcessMember("").pid == 0 && ProcessMember("7").host == "?")
  }

  @Test func onlyEndedProcessesOfThisMachineAreGone() throws {
    #expect(!ProcessMember.this.isGone)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let host = ProcessMember.this.host
    #expect(ProcessMember("\(process.processIdentifier) \(host)").isGone)
    #expect(!ProcessMember("\(process.processIdentifier) elsewhere.example").isGone)
  }
}
