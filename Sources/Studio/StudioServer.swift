import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters

/// `ganinsar studio`: a page to play with a model.
///
/// The calling thread draws; connections are served by Swift's concurrency.
package struct StudioServer {
  package var model: StudioModel
  /// Another address than that of this computer alone; requests then need a token.
  package var address: String?
  /// 0 for any that is free.
  package var port: UInt16 = 8642
  /// Maps to compare with, and how their files are read.
  package var real: String?
  package var realUnit: RasterUnit?
  package var realSign: LOSConvention?

  package init(model: StudioModel) { self.model = model }

  private static let loopback = "127.0.0.1"
  /// Requests that may wait; more are told to try again.
  private static let capacity = 64
  /// A connection that does nothing is closed after this time in s.
  private static let patienceSeconds = 60.0

  /// Serves until `isStopped` or a Ctrl-C.
  ///
  /// - Parameters:
  ///   - ready: called with the address of the page, after the first map was drawn.
  ///   - isStopped: asked several times a second.
  /// - Throws: `StudioError.address`, `.cannotListen`, `.realMaps`; the errors of reading the model.
  package func run(
    ready: (String) -> Void, isStopped: () -> Bool = { Interruption.isRequested }
  ) throws {
    let drawer = try StudioDrawer(
      model,
      real: try real.map {
        try RealMaps(
          $0, options: RasterReadOptions(losConvention: realSign), unit: realUnit)
      })
    let facts = drawer.facts
    // Draws the map that the page shows first, and makes LibTorch start its threads.
    _ = try drawer.draw(.map(facts.firstMap))

    let queue = WorkQueue(capacity: Self.capacity)
    let listener = try StudioListener(
      address: address ?? Self.loopback, port: port, patienceSeconds: Self.patienceSeconds)
    defer {
      queue.close()
      listener.stop()
    }
    let port = try listener.start()
    let access = address == nil ? StudioAccess.loopback(port: port) : .withToken()
    listener.use(
      StudioService(queue: queue, facts: try JSONEncoder().encode(facts), access: access))
    ready(
      "http://\(listener.address):\(port)/"
        + (access.token.map { "?\(StudioAccess.tokenName)=\($0)" } ?? ""))
    while !isStopped() {
      if let failure = listener.failure { throw failure }
      guard let job = queue.next(withinSeconds: 0.1) else { continue }
      job.answer(Result { try drawer.draw(job.work) })
    }
  }
}
