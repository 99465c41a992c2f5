/// The day of the Gregorian calendar on which a radar image was acquired, written YYYYMMDD, or
/// YYYYMMDDTHHMM if the stack states the time of day.
///
/// Dates are counted in whole days without Foundation's calendars, so that locale and time zone
/// have no effect. Source: Richards, "Calendars", Explanatory Supplement to the Astronomical
/// Almanac, 2013, section 15.11 (the day count).
public struct AcquisitionDate: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// Days since 1 January 1970; negative before.
  public let daysSince1970: Int
  /// 0 if the time is unknown.
  public let secondsOfDay: Int

  /// - Throws: `InSARPhaseError.badDate` unless the day exists and the year is in 1900...2999.
  public init(year: Int, month: Int, day: Int) throws {
    let text = "\(year)-\(month)-\(day)"
    guard (1900...2999).contains(year) else {
      throw InSARPhaseError.badDate(text: text, reason: "the year is not in 1900...2999")
    }
    guard (1...12).contains(month) else {
      throw InSARPhaseError.badDate(text: text, reason: "the month is not in 1...12")
    }
    let last = Self.daysInMonth(year: year, month: month)
    guard (1...last).contains(day) else {
      throw InSARPhaseError.badDate(
        text: text, reason: "month \(month) of \(year) has days 1...\(last)")
    }
    daysSince1970 = Self.dayNumber(year: year, month: month, day: day)
    secondsOfDay = 0
  }

  /// Reads eight digits, YYYYMMDD.
  /// - Throws: `InSARPhaseError.badDate` for anything else, and for days that do not exist.
  public init(_ yyyymmdd: String) throws {
    let digits = Array(yyyymmdd.utf8)
    guard digits.count == 8, digits.allSatisfy({ (48...57).contains($0) }) else {
      throw InSARPhaseError.badDate(text: yyyymmdd, reason: "it is not eight digits")
    }
    func number(_ range: Range<Int>) -> Int {
      digits[range].reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    do {
      try self.init(year: number(0..<4), month: number(4..<6), day: number(6..<8))
    } catch InSARPhaseError.badDate(_, let reason) {
      throw InSARPhaseError.badDate(text: yyyymmdd, reason: reason)
    }
  }

  /// Reads YYYYMMDD, YYYYMMDDTHHMM or YYYYMMDDTHHMMSS, as MintPy writes dates.
  /// - Throws: `InSARPhaseError.badDate` for anything else, and for times that do not exist.
  public init(withTime text: String) throws {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let day = try AcquisitionDate(String(parts[0]))
    guard parts.count > 1 else {
      self = day
      return
    }
    let digits = parts[1].utf8.map { Int($0) - 48 }
    guard parts.count == 2, digits.count == 4 || digits.count == 6,
      digits.allSatisfy((0...9).contains)
    else {
      throw InSARPhaseError.badDate(text: text, reason: "its time is not HHMM or HHMMSS")
    }
    let numbers = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
    guard numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else {
      throw InSARPhaseError.badDate(text: text, reason: "there is no such time of day")
    }
    daysSince1970 = day.daysSince1970
    secondsOfDay = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package static let firstOf2020 = AcquisitionDate(
    uncheckedDay: dayNumber(year: 2020, month: 1, day: 1))

  /// The day that is `days` later.
  /// - Throws: `InSARPhaseError.badDate` if that is outside the years 1900 to 2999.
  public func adding(days: Int) throws -> AcquisitionDate {
    let (sum, overflow) = daysSince1970.addingReportingOverflow(days)
    guard !overflow, (Self.first...Self.last).contains(sum) else {
      throw InSARPhaseError.badDate(
        text: "\(self) + \(days) days", reason: "the year is not in 1900...2999")
    }
    return AcquisitionDate(uncheckedDay: sum)
  }

  /// Days from this day to `other`; negative when `other` is earlier.
  public func days(to other: AcquisitionDate) -> Int { other.daysSince1970 - daysSince1970 }

  /// The same, including the times of day.
  public func exactDays(to other: AcquisitionDate) -> Double {
    Double(days(to: other)) + Double(other.secondsOfDay - secondsOfDay) / 86_400
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.daysSince1970, a.secondsOfDay) < (b.daysSince1970, b.secondsOfDay)
  }

  /// Year, month and day.
  public var calendar: (year: Int, month: Int, day: Int) {
    // In years that start in March, the leap day is the last day.
    let shifted = daysSince1970 + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// YYYYMMDD, with THHMM or THHMMSS if the time is known.
  public var description: String {
    let (year, month, day) = calendar
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(year)\(two(month))\(two(day))"
    guard secondsOfDay > 0 else { return date }
    let (minutes, seconds) = (secondsOfDay / 60, secondsOfDay % 60)
    return "\(date)T\(two(minutes / 60))\(two(minutes % 60))" + (seconds > 0 ? two(seconds) : "")
  }

  private static let first = dayNumber(year: 1900, month: 1, day: 1)
  private static let last = dayNumber(year: 2999, month: 12, day: 31)

  private init(uncheckedDay: Int) {
    daysSince1970 = uncheckedDay
    secondsOfDay = 0
  }

  private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
