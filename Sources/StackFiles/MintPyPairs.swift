#if GDAL
  import InSARPhase
  import RasterIO

  /// The used interferograms of MintPy's `ifgramStack.h5`, in the order of a network.
  struct MintPyPairs {
    /// An interferogram of the file. A reversed one is earlier minus later date.
    struct Item {
      var index: Int
      var isReversed: Bool
    }

    let network: InterferogramNetwork
    /// For each pair of the network.
    let items: [Item]
    let unknownBaselines: [InterferogramPair]
    private(set) var notes: [String] = []

    private struct Entry {
      var reference: AcquisitionDate
      var secondary: AcquisitionDate
      /// Secondary minus reference, in m; `nil` if the file has no number.
      var baseline: Double?
      var item: Item

      var name: String { "\(reference)_\(secondary)" }
    }

    /// - Parameter count: the number of interferograms that the file's phases have.
    /// - Throws: `StackIOError.badStack` with the file, the dataset and the dates.
    init(_ file: HDF5Reader, count: Int) throws {
      guard count > 0 else {
        throw StackIOError.badStack(
          path: file.path, reason: "it contains no interferogram", remedy: Self.reloading)
      }
      let all = try Self.entries(file, count: count)
      let flags = try Self.list(file, "dropIfgram", count: count)
      let kept = all.filter { flags == nil || flags?[$0.item.index] != 0 }
      if kept.count < count {
        notes.append("dropIfgram leaves out \(count - kept.count) of \(count) interferograms")
      }
      let (used, others) = Self.distinct(kept)
      notes += others
      let reversed = used.filter(\.item.isReversed)
      if !reversed.isEmpty {
        notes.append(
          "interferograms from a later to an earlier date are turned round: " + Self.names(reversed)
        )
      }
      guard !used.isEmpty else {
        throw StackIOError.badStack(
          path: file.path,
          reason: kept.isEmpty
            ? "dropIfgram leaves out all \(count) interferograms"
            : "every interferogram is a date with itself: " + Self.names(kept),
          remedy: kept.isEmpty
            ? "Reset dropIfgram with MintPy's modify_network.py."
            : "Give interferograms of two dates.")
      }

      let baselines = DateBaselines(used)
      let dates = baselines.dates
      let places = Dictionary(uniqueKeysWithValues: dates.enumerated().map { ($1, $0) })
      let pairs = used.map {
        InterferogramPair(reference: places[$0.reference]!, secondary: places[$0.secondary]!)
      }
      network = try StackSource.naming(file.path) {
        try InterferogramNetwork(
          acquisitions: zip(dates, baselines.meters).map {
            Acquisition(date: $0, perpendicularBaselineMeters: $1)
          }, pairs: pairs, allowsGaps: true)
      }
      let items = Dictionary(uniqueKeysWithValues: zip(pairs, used.map(\.item)))
      self.items = network.pairs.map { items[$0]! }
      unknownBaselines = zip(pairs, used).filter { !baselines.areKnown($0.1) }.map(\.0)
      let missing = used.count { $0.baseline == nil } - unknownBaselines.count
      if missing > 0 {
        notes.append(
          "bperp has no number for \(missing) interferograms; it follows from the others")
      }
      if let note = baselines.contradiction(used) { notes.append(note) }
    }

    private static func entries(_ file: HDF5Reader, count: Int) throws -> [Entry] {
      guard let shape = file.allShapes["date"] else {
        throw StackIOError.badStack(
          path: file.path, reason: "it has no dataset 'date'", remedy: reloading)
      }
      guard shape == [count, 2] else {
        throw StackIOError.badStack(
          path: file.path,
          reason: "dataset 'date' has shape \(shape) where \(count) interferograms need "
            + "\([count, 2])", remedy: reloading)
      }
      let dates = try file.texts("date")
      let baselines = try list(file, "bperp", count: count)
      return try (0..<count).map { index in
        let first = try date(dates[2 * index], index, file)
        let second = try date(dates[2 * index + 1], index, file)
        let isReversed = first > second
        let baseline = baselines.flatMap { $0[index].isFinite ? Double($0[index]) : nil }
        return Entry(
          reference: min(first, second), secondary: max(first, second),
          baseline: baseline.map { isReversed ? -$0 : $0 },
          item: Item(index: index, isReversed: isReversed))
      }
    }

    private static func date(_ text: String, _ index: Int, _ file: HDF5Reader) throws
      -> AcquisitionDate
    {
      do {
        return try AcquisitionDate(withTime: text)
      } catch InSARPhaseError.badDate(_, let reason) {
        throw StackIOError.badStack(
          path: file.path,
          reason: "dataset 'date' has \(text.debugDescription) for interferogram \(index + 1): "
            + reason, remedy: "Give dates as YYYYMMDD or YYYYMMDDTHHMM.")
      }
    }

    /// A dataset with a number for each interferogram; `nil` if the file does not have it.
    private static func list(_ file: HDF5Reader, _ name: String, count: Int) throws -> [Float]? {
      guard file.allShapes[name] != nil else { return nil }
      guard let shape = file.shapes[name] else {
        throw StackIOError.badStack(
          path: file.path, reason: "dataset '\(name)' has neither numbers nor Booleans",
          remedy: reloading)
      }
      guard shape == [count] || shape == [count, 1] else {
        throw StackIOError.badStack(
          path: file.path,
          reason: "dataset '\(name)' has shape \(shape) for \(count) interferograms",
          remedy: reloading)
      }
      return try file.values(name)
    }

    private static let reloading = "Load the stack again with MintPy's load_data.py."

    /// Leaves out pairs of a date with itself, and all but the first of equal pairs.
    private static func distinct(_ entries: [Entry]) -> ([Entry], notes: [String]) {
      var seen: Set<String> = []
      let selves = entries.filter { $0.reference == $0.secondary }
      let pairs = entries.filter { $0.reference != $0.secondary }
      let used = pairs.filter { seen.insert($0.name).inserted }
      var notes: [String] = []
      if !selves.isEmpty {
        notes.append("interferograms of a date with itself are left out: " + names(selves))
      }
      if used.count < pairs.count {
        var first: Set<String> = []
        let again = pairs.filter { !first.insert($0.name).inserted }
        notes.append(
          "interferograms that come twice are used once, as they come first: "
            + names(again))
      }
      return (used, notes)
    }

    /// At most three.
    private static func names(_ entries: [Entry]) -> String {
      entries.prefix(3).map(\.name).joined(separator: ", ")
        + (entries.count > 3 ? " and \(entries.count - 3) more" : "")
    }

    /// MintPy stores a baseline for each pair; those of the dates are computed along paths of
    /// pairs.
    private struct DateBaselines {
      let dates: [AcquisitionDate]
      private(set) var meters: [Double]
      /// For each date, the first date to which baselines connect it.
      private var roots: [Int]
      private let places: [AcquisitionDate: Int]

      init(_ entries: [Entry]) {
        dates = Set(entries.flatMap { [$0.reference, $0.secondary] }).sorted()
        places = Dictionary(uniqueKeysWithValues: dates.enumerated().map { ($1, $0) })
        meters = [Double](repeating: 0, count: dates.count)
        roots = [Int](repeating: -1, count: dates.count)
        var steps = [[(to: Int, meters: Double)]](repeating: [], count: dates.count)
        for entry in entries {
          guard let baseline = entry.baseline else { continue }
          let (first, second) = (places[entry.reference]!, places[entry.secondary]!)
          steps[first].append((second, baseline))
          steps[second].append((first, -baseline))
        }
        for start in dates.indices where roots[start] < 0 {
          roots[start] = start
          var waiting = [start]
          while let date = waiting.popLast() {
            for step in steps[date] where roots[step.to] < 0 {
              roots[step.to] = start
              meters[step.to] = meters[date] + step.meters
              waiting.append(step.to)
            }
          }
        }
      }

      func areKnown(_ entry: Entry) -> Bool {
        roots[places[entry.reference]!] == roots[places[entry.secondary]!]
      }

      /// Describes the pair whose stored baseline differs most from those of the dates.
      func contradiction(_ entries: [Entry]) -> String? {
        func found(_ entry: Entry) -> Double {
          meters[places[entry.secondary]!] - meters[places[entry.reference]!]
        }
        func difference(_ entry: Entry) -> Double {
          entry.baseline.map { abs($0 - found(entry)) } ?? 0
        }
        guard let worst = entries.max(by: { difference($0) < difference($1) }),
          let stored = worst.baseline, difference(worst) > max(2, 0.05 * abs(stored))
        else { return nil }
        return "bperp of \(worst.name) is \(stored) m, and \(found(worst)) m by the other "
          + "interferograms, which is taken"
      }
    }
  }
#endif
