#include "backend/doubt.hpp"

namespace kith::backend {

std::string_view lost_remedy(Doubt doubt) {
    switch (doubt) {
    case Doubt::none: break;
    case Doubt::statement:
        return "The connection to the server was lost before its answer came: nobody knows whether the statement was "
               "carried out. Look for its changes before you run it again";
    case Doubt::commit:
        return "The connection to the server was lost before it answered COMMIT: nobody knows whether the transaction "
               "was committed. Look for its changes before you run it again";
    }
    return "The connection to the server was lost: what was under way is rolled back. Try again";
}

} // namespace kith::backend
