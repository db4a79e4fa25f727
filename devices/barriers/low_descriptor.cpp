#include "devices/barriers/low_descriptor.hpp"

#include <stdexcept>

#include <fcntl.h>
#include <sys/select.h>
#include <unistd.h>

namespace gatehouse::devices {

LowDescriptor::LowDescriptor() : number_(::open("/dev/null", O_RDWR | O_CLOEXEC)) {
  if (number_ >= FD_SETSIZE) {
    ::close(number_);
    number_ = -1;
  }
  if (number_ >= 0) blank_ = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (blank_ >= 0) return;
  if (number_ >= 0) ::close(number_);
  throw std::runtime_error("no file descriptor below 1024 is left for a barrier's line");
}

LowDescriptor::~LowDescriptor() {
  ::close(number_);
  ::close(blank_);
}

bool LowDescriptor::take(int opened) {
  const bool is_taken = ::dup3(opened, number_, O_CLOEXEC) == number_;
  ::close(opened);
  return is_taken;
}

void LowDescriptor::release() { ::dup3(blank_, number_, O_CLOEXEC); }

}  // namespace gatehouse::devices
