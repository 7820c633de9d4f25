"""Jobs, where they are shown, what that cost and brought."""

from integration.records._core import Commanded, SObject


class JobRequisition(Commanded):
    """A job."""

    API_NAME = "Job_Requisition__c"
    TITLE = "Title__c"
    DESCRIPTION = "Description__c"
    DEPARTMENT = "Department__c"
    COMPANY = "Company__c"
    REMOTE = "Remote__c"
    EMPLOYMENT_TYPE = "Employment_Type__c"
    SALARY_MIN = "Salary_Min__c"
    SALARY_MAX = "Salary_Max__c"
    SALARY_CURRENCY = "Salary_Currency__c"
    SALARY_UNIT = "Salary_Unit__c"
    OPENED_ON = "Opened_On__c"
    VALID_THROUGH = "Valid_Through__c"
    INTERNAL_UNTIL = "Internal_Until__c"
    ATS_ID = "ATS_Id__c"
    ATS_POSTING_ID = "ATS_Posting_Id__c"
    FIELD_SOURCES = "Field_Sources__c"
    HIRING_MANAGER_EMAIL = "Hiring_Manager_Email__c"
    CLOSING_MAIL = "Closing_Mail__c"
    LANDING_PAGE = "Landing_Page__c"


class JobLocation(SObject):
    """A place where a job is done."""

    API_NAME = "Job_Location__c"
    REQUISITION = "Requisition__c"
    KEY = "Key__c"
    STREET = "Street__c"
    CITY = "City__c"
    REGION = "Region__c"
    POSTAL_CODE = "Postal_Code__c"
    COUNTRY = "Country__c"


class Channel(Commanded):
    """Where jobs are shown or people come from."""

    API_NAME = "Channel__c"
    KEY = "Key__c"
    KIND = "Kind__c"
    ADAPTER = "Adapter__c"
    ACTIVE = "Active__c"
    SECRET_NAME = "Secret_Name__c"
    COST_MODEL = "Cost_Model__c"
    FEED_TEMPLATE = "Feed_Template__c"
    FEED_URL = "Feed_URL__c"
    LAST_PUBLISHED_AT = "Last_Published_At__c"
    ACCOUNT = "Account__c"
    CONTACT_EMAIL = "Contact_Email__c"
    FINDINGS = "Findings__c"
    CHECKED_AT = "Checked_At__c"
    POSTS_PER_DAY = "Posts_Per_Day__c"
    REPEAT_AFTER_DAYS = "Repeat_After_Days__c"
    REFERRAL_MODEL = "Referral_Model__c"
    REFERRAL_WINDOW_DAYS = "Referral_Window_Days__c"
    BONUS_AFTER_DAYS = "Bonus_After_Days__c"
    PAYS_MANAGERS = "Pays_Managers__c"
    JOB_FILTER = "Job_Filter__c"
    FILTER_IN_WORDS = "Filter_In_Words__c"
    NEXT_POSTS = "Next_Posts__c"
    TRACKED_URL = "Tracked_URL__c"
    SHORT_URL = "Short_URL__c"
    QR_CODE_URL = "QR_Code_URL__c"


class JobPosting(Commanded):
    """A requisition on a channel at a location."""

    API_NAME = "Job_Posting__c"
    REQUISITION = "Requisition__c"
    CHANNEL = "Channel__c"
    LOCATION = "Location__c"
    REFERENCE = "Reference__c"
    TRACKED_URL = "Tracked_URL__c"
    POSTED_AT = "Posted_At__c"
    CLOSED_AT = "Closed_At__c"
    FINDINGS = "Findings__c"


class SourceSpend(SObject):
    """Money spent."""

    API_NAME = "Source_Spend__c"
    KEY = "Key__c"
    CHANNEL = "Channel__c"
    CAMPAIGN = "Campaign__c"
    REQUISITION = "Requisition__c"
    MONTH = "Month__c"
    AMOUNT = "Amount__c"
    CURRENCY_ISO = "Currency_ISO__c"
    KIND = "Kind__c"


class SourceResult(SObject):
    """What came of it."""

    API_NAME = "Source_Result__c"
    KEY = "Key__c"
    CHANNEL = "Channel__c"
    CAMPAIGN = "Campaign__c"
    REQUISITION = "Requisition__c"
    MONTH = "Month__c"
    BUDGET_HOME = "Budget_Home__c"
    SPEND_HOME = "Spend_Home__c"
    HOME_CURRENCY = "Home_Currency__c"
    IMPRESSIONS = "Impressions__c"
    CLICKS = "Clicks__c"
    MACHINE_CLICKS = "Machine_Clicks__c"
    VISITS = "Visits__c"
    REGISTRATIONS = "Registrations__c"
    APPLICATIONS = "Applications__c"
    QUALIFIED = "Qualified__c"
    INTERVIEWS = "Interviews__c"
    OFFERS = "Offers__c"
    HIRES = "Hires__c"
    COST_PER_CLICK = "Cost_Per_Click__c"
    COST_PER_VISIT = "Cost_Per_Visit__c"
    COST_PER_REGISTRATION = "Cost_Per_Registration__c"
    COST_PER_APPLICATION = "Cost_Per_Application__c"
    COST_PER_QUALIFIED = "Cost_Per_Qualified__c"
    COST_PER_INTERVIEW = "Cost_Per_Interview__c"
    COST_PER_OFFER = "Cost_Per_Offer__c"
    COST_PER_HIRE = "Cost_Per_Hire__c"
    ATTRIBUTED_REGISTRATIONS = "Attributed_Registrations__c"
    ATTRIBUTED_APPLICATIONS = "Attributed_Applications__c"
    ATTRIBUTED_QUALIFIED = "Attributed_Qualified__c"
    ATTRIBUTED_INTERVIEWS = "Attributed_Interviews__c"
    ATTRIBUTED_OFFERS = "Attributed_Offers__c"
    ATTRIBUTED_HIRES = "Attributed_Hires__c"
    COST_PER_ATTRIBUTED_APPLICATION = "Cost_Per_Attributed_Application__c"
    COST_PER_ATTRIBUTED_HIRE = "Cost_Per_Attributed_Hire__c"


class ExchangeRate(SObject):
    """Month and currency."""

    API_NAME = "Exchange_Rate__c"
    KEY = "Key__c"
    MONTH = "Month__c"
    CURRENCY_ISO = "Currency_ISO__c"
    RATE = "Rate__c"


class Holiday(SObject):
    """A day without campaign mail in a country."""

    API_NAME = "Holiday__c"
    COUNTRY = "Country__c"
    ON = "On__c"
