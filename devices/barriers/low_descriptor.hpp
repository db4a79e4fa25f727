// A file descriptor below FD_SETSIZE, kept for one line for as long as the process uses it.
//
// libmodbus waits with select(), which writes past its set for a descriptor of 1024 or more. So
// each line reserves its number at the start, while there are low ones, and whatever is opened
// later, with any number, is moved onto it. While the line is closed the number holds /dev/null.
//
// One thread.
#pragma once

namespace gatehouse::devices {

class LowDescriptor {
 public:
  /// Throws std::runtime_error when no number below 1024 is left.
  LowDescriptor();
  ~LowDescriptor();
  LowDescriptor(const LowDescriptor&) = delete;
  LowDescriptor& operator=(const LowDescriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  /// Moves what `opened` stands for here and closes `opened`. False: it could not be moved.
  bool take(int opened);
  /// Closes what stands here and keeps the number.
  void release();

 private:
  int number_ = -1;
  int blank_ = -1;  // /dev/null, open all the time: release() needs no new descriptor
};

}  // namespace gatehouse::devices
